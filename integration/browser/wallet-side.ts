/**
 * Everything a wallet can import from the wallet-side packages, so that nothing is shaken out of the measured bundle,
 * and the payment that the bundle is tried with.
 */
export * as account from "@mobilecoin-ts/account";
export * as consensus from "@mobilecoin-ts/consensus";
export * as crypto from "@mobilecoin-ts/crypto";
export * as curve from "@mobilecoin-ts/curve";
export * as ledger from "@mobilecoin-ts/ledger";
export * as sdk from "@mobilecoin-ts/sdk";
export * as transaction from "@mobilecoin-ts/transaction";
export * as wire from "@mobilecoin-ts/wire";
export { makePayment } from "./payment.ts";
