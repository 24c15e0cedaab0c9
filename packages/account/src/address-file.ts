import { WireError } from "@mobilecoin-ts/wire";
import { AccountError } from "./error.ts";
import { decodePrintable, encodePrintable } from "./printable.ts";
import type { PublicAddress } from "./public-address.ts";
import { publicAddressCodec } from "./public-address-codec.ts";

/** Content of `<name>.pub`: the protobuf of the default address. */
export function formatPubFile(address: PublicAddress): Uint8Array {
  return publicAddressCodec.encode(address);
}

/** Throws `Encode` for content that is no address. */
export function parsePubFile(content: Uint8Array): PublicAddress {
  try {
    return publicAddressCodec.decode(content);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new AccountError("Encode", "the file holds no public address", { cause });
  }
}

/** Content of `<name>.b58pub`: the printable address, without a newline. */
export function formatB58PubFile(address: PublicAddress): string {
  return encodePrintable({ kind: "publicAddress", address });
}

/**
 * Reads a `.b58pub` file. It is not trimmed: a trailing newline is refused, as the reference does. Throws as
 * `decodePrintable`, and `Encode` for a code of another kind.
 */
export function parseB58PubFile(content: string): PublicAddress {
  const printable = decodePrintable(content);
  if (printable.kind !== "publicAddress") {
    throw new AccountError("Encode", `the code holds no address but: ${printable.kind}`);
  }
  return printable.address;
}
