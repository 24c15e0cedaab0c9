import { AccountError, decodePrintable, type PublicAddress } from "@mobilecoin-ts/account";
import { parseMobUri } from "@mobilecoin-ts/wire";
import type { AccountStore } from "./account-store.ts";
import { CliError } from "./cli-error.ts";

/** Whom to pay, and what a payment request asks for. */
export interface Recipient {
  readonly address: PublicAddress;
  /** In smallest units; undefined where the code asks for no amount. */
  readonly amount: bigint | undefined;
  readonly tokenId: bigint | undefined;
  readonly paymentRequestId: bigint | undefined;
}

/**
 * Reads whom to pay: the name of an account here, an address code, a payment request code, or a `mob:` URI of either.
 *
 * @throws CliError saying what the text is instead.
 */
export function readRecipient(text: string, store: AccountStore): Recipient {
  if (store.names().includes(text)) {
    const { key } = store.open(text);
    return {
      address: key.defaultSubaddress,
      amount: undefined,
      tokenId: undefined,
      paymentRequestId: undefined,
    };
  }
  const code = text.toLowerCase().startsWith("mob:") ? codeOfUri(text) : text.trim();
  const content = decode(code, store);
  if (content.kind === "publicAddress") {
    return { address: content.address, amount: undefined, tokenId: undefined, paymentRequestId: undefined };
  }
  if (content.kind === "paymentRequest") {
    const { address, value, tokenId, paymentId } = content.request;
    return {
      address,
      amount: value === 0n ? undefined : value,
      tokenId,
      paymentRequestId: paymentId === 0n ? undefined : paymentId,
    };
  }
  throw new CliError(`the code is a ${content.kind}, which cannot be paid`, {
    advice: "give an account name, an address code, a payment request code or a mob: URI",
  });
}

function codeOfUri(text: string): string {
  try {
    return parseMobUri(text);
  } catch (cause) {
    throw new CliError("the mob: URI cannot be read", { cause, advice: "it looks like mob:///b58/<code>" });
  }
}

function decode(code: string, store: AccountStore): ReturnType<typeof decodePrintable> {
  try {
    return decodePrintable(code);
  } catch (cause) {
    if (!(cause instanceof AccountError)) throw cause;
    throw new CliError("the recipient is neither an account here nor a valid code", {
      cause,
      advice: `accounts here: ${store.names().join(", ")}. A code may have been cut when it was copied.`,
    });
  }
}
