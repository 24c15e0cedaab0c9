import type { PublicAddress } from "@mobilecoin-ts/account";
import type { Point, RandomBytes } from "@mobilecoin-ts/curve";
import { TransactionError } from "../error.ts";
import { encryptFogHint, fakeFogHint } from "../tx-out/fog-hint.ts";

/** The largest block index: what stands for "no tombstone" and "never expires". */
export const MAX_TOMBSTONE_BLOCK = (1n << 64n) - 1n;

/** What the Fog report server says of a recipient's Fog, after its report was verified. */
export interface FogPublicKey {
  /** The ingest enclave's key, to which hints are encrypted. */
  readonly ingressPublicKey: Point;
  /** Block index from which the key must no longer be used: a transaction's tombstone may not lie beyond. */
  readonly expiry: bigint;
}

/** Finds the Fog key of an address that has a Fog report URL; reports are fetched and verified beforehand. */
export interface FogResolver {
  /** Throws where there is no verified report; the builder wraps it as `FogPublicKey`. */
  resolve(address: PublicAddress): FogPublicKey;
}

/** A Fog hint and the expiry of the key it is encrypted to; 2^64-1 for a hint to nobody. */
export interface ResolvedFogHint {
  /** 84 bytes. */
  readonly eFogHint: Uint8Array;
  readonly expiry: bigint;
}

/**
 * The hint of an output for an address: real where the address has a Fog report URL, else a fake one of equal looks
 * (02 section 2.18).
 *
 * @throws TransactionError `FogPublicKey` (area `builder`; the resolver's rejection is the cause).
 */
export function resolveFogHint(
  address: PublicAddress,
  resolver: FogResolver | undefined,
  random: RandomBytes,
): ResolvedFogHint {
  if (address.fogReportUrl === "") return { eFogHint: fakeFogHint(random), expiry: MAX_TOMBSTONE_BLOCK };
  if (resolver === undefined) throw fogRefusal("the recipient uses Fog and there is no Fog resolver");
  let key: FogPublicKey;
  try {
    key = resolver.resolve(address);
  } catch (cause) {
    throw fogRefusal("there is no Fog key for the recipient", cause);
  }
  return { eFogHint: encryptFogHint(key.ingressPublicKey, address, random), expiry: key.expiry };
}

function fogRefusal(message: string, cause?: unknown): TransactionError<"builder"> {
  return new TransactionError("builder", "FogPublicKey", message, { cause });
}
