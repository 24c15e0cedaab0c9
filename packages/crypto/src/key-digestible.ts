import { type Digestible, d } from "./digestible.ts";

/** Ed25519 public key (32 bytes) as the protocol hashes it: an aggregate, unlike the bare curve point. */
export const ed25519PublicDigestible: Digestible<Uint8Array> = d.newtype("Ed25519Public", d.ed25519);

/** X25519 public key (32 bytes), likewise. */
export const x25519PublicDigestible: Digestible<Uint8Array> = d.newtype("X25519Public", d.x25519);
