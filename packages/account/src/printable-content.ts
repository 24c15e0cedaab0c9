import type { Scalar } from "@mobilecoin-ts/curve";
import { AccountKey } from "./account-key.ts";
import { compressedKeyFromApi, privateKeyFromApi, publicKeyFromApi } from "./api-key.ts";
import { AccountError } from "./error.ts";
import { MNEMONIC_ENTROPY_LENGTHS, mnemonicFromEntropy } from "./mnemonic.ts";
import type { ApiPaymentRequest, ApiTransferPayload, ApiTxOutGiftCode } from "./printable-codec.ts";
import type { PublicAddress } from "./public-address.ts";
import { type ApiPublicAddress, publicAddressFromApi, publicAddressToApi } from "./public-address-codec.ts";

/** A wish to be paid. */
export interface PaymentRequest {
  readonly address: PublicAddress;
  /** u64, in the token's smallest unit; 0 leaves the amount open. */
  readonly value: bigint;
  readonly memo: string;
  /** u64; 0 is MOB. */
  readonly tokenId: bigint;
  /** u64 of the recipient's choosing, which a payment's memo repeats. */
  readonly paymentId: bigint;
}

/** Where the account that holds a transfer comes from. */
export type TransferEntropy =
  /** 32 bytes; deprecated. */
  | { readonly kind: "rootEntropy"; readonly bytes: Uint8Array }
  /** Entropy of a BIP-39 phrase, account index 0. */
  | { readonly kind: "bip39Entropy"; readonly bytes: Uint8Array };

/** A funded account handed over: its secret, and the output that lies on its subaddress 0. */
export interface TransferPayload {
  readonly entropy: TransferEntropy;
  /** 32 bytes; not checked to be a point. */
  readonly txOutPublicKey: Uint8Array;
  readonly memo: string;
}

/** A single output handed over: everything needed to spend it, and nothing else of the giver's account. */
export interface TxOutGiftCode {
  /** u64 index of the output in the ledger. */
  readonly globalIndex: bigint;
  readonly onetimePrivateKey: Scalar;
  /** The output's shared secret: the 32-byte encoding of a point. */
  readonly sharedSecret: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

const NO_ADDRESS: ApiPublicAddress = {
  viewPublicKey: undefined,
  spendPublicKey: undefined,
  fogReportUrl: "",
  fogReportId: "",
  fogAuthoritySig: NO_BYTES,
};

/** The account that a transfer payload hands over. Throws `TransferPayloadEntropy`. */
export function transferPayloadAccountKey({ entropy }: TransferPayload): AccountKey {
  checkEntropy(entropy);
  return entropy.kind === "rootEntropy"
    ? AccountKey.fromRootEntropy(entropy.bytes)
    : AccountKey.fromMnemonic(mnemonicFromEntropy(entropy.bytes));
}

export function paymentRequestFromApi(message: ApiPaymentRequest): PaymentRequest {
  return {
    address: publicAddressFromApi(message.publicAddress ?? NO_ADDRESS),
    value: message.value,
    memo: message.memo,
    tokenId: message.tokenId,
    paymentId: message.paymentId,
  };
}

export function paymentRequestToApi(request: PaymentRequest): ApiPaymentRequest {
  return {
    publicAddress: publicAddressToApi(request.address),
    value: request.value,
    memo: request.memo,
    tokenId: request.tokenId,
    paymentId: request.paymentId,
  };
}

export function transferPayloadFromApi(message: ApiTransferPayload): TransferPayload {
  const { rootEntropy, bip39Entropy } = message;
  if (rootEntropy.length > 0 && bip39Entropy.length > 0) throw badEntropy();
  const entropy: TransferEntropy =
    bip39Entropy.length > 0
      ? { kind: "bip39Entropy", bytes: bip39Entropy }
      : { kind: "rootEntropy", bytes: rootEntropy };
  checkEntropy(entropy);
  return {
    entropy,
    txOutPublicKey: compressedKeyFromApi(message.txOutPublicKey, "tx_out_public_key"),
    memo: message.memo,
  };
}

export function transferPayloadToApi({ entropy, txOutPublicKey, memo }: TransferPayload): ApiTransferPayload {
  checkEntropy(entropy);
  return {
    rootEntropy: entropy.kind === "rootEntropy" ? entropy.bytes : NO_BYTES,
    txOutPublicKey: { data: txOutPublicKey },
    memo,
    bip39Entropy: entropy.kind === "bip39Entropy" ? entropy.bytes : NO_BYTES,
  };
}

export function txOutGiftCodeFromApi(message: ApiTxOutGiftCode): TxOutGiftCode {
  return {
    globalIndex: message.globalIndex,
    onetimePrivateKey: privateKeyFromApi(message.onetimePrivateKey, "onetime_private_key"),
    sharedSecret: publicKeyFromApi(message.sharedSecret, "shared_secret"),
  };
}

export function txOutGiftCodeToApi(giftCode: TxOutGiftCode): ApiTxOutGiftCode {
  return {
    globalIndex: giftCode.globalIndex,
    onetimePrivateKey: { data: giftCode.onetimePrivateKey.toBytes() },
    sharedSecret: { data: giftCode.sharedSecret },
  };
}

function checkEntropy({ kind, bytes }: TransferEntropy): void {
  const allowed = kind === "rootEntropy" ? [32] : MNEMONIC_ENTROPY_LENGTHS;
  if (!allowed.includes(bytes.length)) throw badEntropy();
}

function badEntropy(): AccountError {
  return new AccountError(
    "TransferPayloadEntropy",
    "a transfer payload holds either root entropy of 32 bytes or BIP-39 entropy of 16 to 32, and not both",
  );
}
