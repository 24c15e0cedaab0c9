import { ed25519PublicKey, ed25519Sign, ed25519VerifyStrict } from "@mobilecoin-ts/crypto";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { type Block, blockSigningDigest } from "./block.ts";

/** An enclave's signature of a block (03 section 2.5). It proves possession of a key; evidence ties the key to an enclave. */
export interface BlockSignature {
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
  /** Ed25519 public key, 32 bytes. */
  readonly signer: Uint8Array;
  /** Unix seconds, set outside the enclave and signed by nobody. */
  readonly signedAt: bigint;
}

export const ed25519PublicKeyCodec: Codec<Uint8Array> = fixedBytes("Ed25519Public", 32);
export const ed25519SignatureCodec: Codec<Uint8Array> = fixedBytes("Ed25519Signature", 64);

export const blockSignatureCodec: Codec<BlockSignature> = message<BlockSignature>("BlockSignature", {
  signature: f.message(1, ed25519SignatureCodec),
  signer: f.message(2, ed25519PublicKeyCodec),
  signedAt: f.uint64(3),
});

/** Signs a block with an Ed25519 seed of 32 bytes. `signedAt` in Unix seconds. */
export function signBlock(block: Block, seed: Uint8Array, signedAt: bigint): BlockSignature {
  return {
    signature: ed25519Sign(seed, blockSigningDigest(block)),
    signer: ed25519PublicKey(seed),
    signedAt,
  };
}

/** Whether the signer signed this block; strict, as every node verifies. */
export function isBlockSignatureValid(block: Block, { signer, signature }: BlockSignature): boolean {
  return ed25519VerifyStrict(signer, blockSigningDigest(block), signature);
}
