import { bytesToHex, CryptoError, checkEd25519PublicKey, type SignerSet } from "@mobilecoin-ts/crypto";
import { CurveError, Point } from "@mobilecoin-ts/curve";
import type { NodeId } from "@mobilecoin-ts/wire";
import { refuseValue } from "../document/document.ts";
import { byteString, list, mapped, type Shape, struct, text, u32 } from "../document/shape.ts";
import { ConsensusError } from "../error.ts";

/** Keys that were found to be points, lately; the same few come in message after message. */
const MAX_KNOWN_KEYS = 4096;

/**
 * Keys in one message that were not met lately. To tell a point takes long, and whoever reaches a node can send it what
 * it decodes before it knows the sender; no honest message comes near.
 */
export const MAX_NEW_KEYS = 2048;

const knownKeys = new Set<string>();
let newKeysLeft = Number.POSITIVE_INFINITY;

/** Reads a document from outside, with `MAX_NEW_KEYS` at most. @throws ConsensusError `LimitExceeded` */
export function withKeyLimit<T>(read: () => T): T {
  newKeysLeft = MAX_NEW_KEYS;
  try {
    return read();
  } finally {
    newKeysLeft = Number.POSITIVE_INFINITY;
  }
}

function once(key: Uint8Array, kind: string, check: () => void): void {
  const name = `${kind}${bytesToHex(key)}`;
  if (knownKeys.has(name)) return;
  newKeysLeft -= 1;
  if (newKeysLeft < 0) {
    throw new ConsensusError(
      "LimitExceeded",
      `a message with more than ${MAX_NEW_KEYS} keys never seen before`,
    );
  }
  check();
  if (knownKeys.size >= MAX_KNOWN_KEYS) knownKeys.clear();
  knownKeys.add(name);
}

/** Ed25519 public key: 32 bytes that decompress. */
const ed25519PublicShape: Shape<Uint8Array> = mapped(
  byteString(32),
  (key) => {
    try {
      once(key, "ed25519:", () => checkEd25519PublicKey(key));
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      throw refuseValue("is no Ed25519 public key", cause);
    }
    return key;
  },
  (key) => key,
);

/** Ristretto public key: 32 bytes, the canonical form of a point. */
export const ristrettoPublicShape: Shape<Uint8Array> = mapped(
  byteString(32),
  (key) => {
    try {
      once(key, "ristretto:", () => Point.decode(key));
    } catch (cause) {
      if (!(cause instanceof CurveError)) throw cause;
      throw refuseValue("is no Ristretto point", cause);
    }
    return key;
  },
  (key) => key,
);

export const signerSetShape: Shape<SignerSet> = struct<SignerSet>({
  individualSigners: ["individual_signers", list(ed25519PublicShape)],
  multiSigners: [
    "multi_signers",
    list<SignerSet>({
      read: (value) => signerSetShape.read(value),
      write: (value) => signerSetShape.write(value),
    }),
  ],
  threshold: ["threshold", u32],
});

/** A node's name is any text here; only what is configured must have a colon. */
export const nodeIdShape: Shape<NodeId> = struct<NodeId>({
  responderId: ["responder_id", text],
  publicKey: ["public_key", ed25519PublicShape],
});
