import { type Digestible, d } from "./digestible.ts";
import { ed25519PublicDigestible } from "./key-digestible.ts";
import type { SignerSet } from "./multi-sig.ts";

/** A multi-signature: the list of its Ed25519 signatures (64 bytes each). */
export const multiSigDigestible: Digestible<readonly Uint8Array[]> = d.from(
  (signatures) => ({ signatures }),
  d.struct<{ signatures: readonly Uint8Array[] }>("MultiSig", [["signatures", d.list(d.ed25519Signature)]]),
);

/**
 * A signer set. Its fields hash in another order than their wire tags, and the individual keys under another name
 * than on the wire.
 */
export const signerSetDigestible: Digestible<SignerSet> = d.struct<SignerSet>("SignerSet", [
  ["signers", d.list(ed25519PublicDigestible), { key: "individualSigners" }],
  ["multi_signers", d.list(d.transparent<SignerSet>(() => signerSetDigestible))],
  ["threshold", d.u32],
]);
