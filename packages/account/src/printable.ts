import { WireError } from "@mobilecoin-ts/wire";
import { decodeBase58Check, encodeBase58Check } from "./base58-check.ts";
import { AccountError } from "./error.ts";
import { type PrintableMessage, printableWrapperCodec } from "./printable-codec.ts";
import {
  type PaymentRequest,
  paymentRequestFromApi,
  paymentRequestToApi,
  type TransferPayload,
  type TxOutGiftCode,
  transferPayloadFromApi,
  transferPayloadToApi,
  txOutGiftCodeFromApi,
  txOutGiftCodeToApi,
} from "./printable-content.ts";
import type { PublicAddress } from "./public-address.ts";
import { publicAddressFromApi, publicAddressToApi } from "./public-address-codec.ts";

/** What a printable code can hold (01 section 2.14). */
export type Printable =
  | { readonly kind: "publicAddress"; readonly address: PublicAddress }
  | { readonly kind: "paymentRequest"; readonly request: PaymentRequest }
  | { readonly kind: "transferPayload"; readonly payload: TransferPayload }
  | { readonly kind: "txOutGiftCode"; readonly giftCode: TxOutGiftCode }
  /** A code of a kind made later than this software, or with nothing in it. */
  | { readonly kind: "unknown" };

/** The printable code of an address, request, payload or gift code. Throws `Serialization`. */
export function encodePrintable(content: Exclude<Printable, { kind: "unknown" }>): string {
  try {
    return encodeBase58Check(printableWrapperCodec.encode({ wrapper: toMessage(content) }));
  } catch (cause) {
    throw new AccountError("Serialization", "the content does not fit a printable code", { cause });
  }
}

/**
 * Reads a printable code. Throws `B58`, `InsufficientBytes`, `ChecksumMismatch`, `Deserialization`; `Key` and
 * `TransferPayloadEntropy` for content that is no use. White space around the code is not accepted.
 */
export function decodePrintable(code: string): Printable {
  const payload = decodeBase58Check(code);
  let wrapper: PrintableMessage | undefined;
  try {
    wrapper = printableWrapperCodec.decode(payload).wrapper;
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new AccountError("Deserialization", "the code holds no printable wrapper", { cause });
  }
  return wrapper === undefined ? { kind: "unknown" } : fromMessage(wrapper);
}

/**
 * The address in a code that a wallet is asked to pay to: an address, or a payment request with one. Undefined for
 * codes of other kinds; throws as `decodePrintable`.
 */
export function addressOfPrintable(code: string): PublicAddress | undefined {
  const content = decodePrintable(code);
  if (content.kind === "publicAddress") return content.address;
  return content.kind === "paymentRequest" ? content.request.address : undefined;
}

function toMessage(content: Exclude<Printable, { kind: "unknown" }>): PrintableMessage {
  switch (content.kind) {
    case "publicAddress":
      return { kind: "publicAddress", ...publicAddressToApi(content.address) };
    case "paymentRequest":
      return { kind: "paymentRequest", ...paymentRequestToApi(content.request) };
    case "transferPayload":
      return { kind: "transferPayload", ...transferPayloadToApi(content.payload) };
    case "txOutGiftCode":
      return { kind: "txOutGiftCode", ...txOutGiftCodeToApi(content.giftCode) };
  }
}

function fromMessage(message: PrintableMessage): Printable {
  switch (message.kind) {
    case "publicAddress":
      return { kind: "publicAddress", address: publicAddressFromApi(message) };
    case "paymentRequest":
      return { kind: "paymentRequest", request: paymentRequestFromApi(message) };
    case "transferPayload":
      return { kind: "transferPayload", payload: transferPayloadFromApi(message) };
    case "txOutGiftCode":
      return { kind: "txOutGiftCode", giftCode: txOutGiftCodeFromApi(message) };
  }
}
