import { aesGcm, concat, equalBytes, utf8 } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { EnclaveError } from "../error.ts";

/** Begins every sealed blob: what it is, and its version. */
const MAGIC = utf8("MCTSEAL1");
const NONCE_LENGTH = 12;
const NO_AAD = new Uint8Array(0);

/** Where sealing keys come from: the processor, or what stands in for it. */
export interface SealKeys {
  /** A key of 32 bytes for a purpose; the same for the same enclave on the same machine only. */
  sealKey(purpose: string): Uint8Array;
}

/**
 * Encrypts bytes for the host to keep: AES-256-GCM under a key of this enclave, machine and `purpose`, with a random
 * nonce. Who has the blob cannot read or change it, but can hand in an older one (05 sections 2.16 and 5.1).
 */
export function seal(
  keys: SealKeys,
  purpose: string,
  plaintext: Uint8Array,
  aad: Uint8Array = NO_AAD,
  random: RandomBytes = systemRandom,
): Uint8Array {
  const nonce = random(NONCE_LENGTH);
  const sealed = aesGcm.encrypt(keys.sealKey(purpose), nonce, concat(MAGIC, aad), plaintext);
  return concat(MAGIC, nonce, sealed);
}

/** Opens what `seal` made. @throws EnclaveError `Unseal` */
export function unseal(
  keys: SealKeys,
  purpose: string,
  sealed: Uint8Array,
  aad: Uint8Array = NO_AAD,
): Uint8Array {
  if (!equalBytes(sealed.subarray(0, MAGIC.length), MAGIC)) {
    throw new EnclaveError("Unseal", "the bytes are nothing that an enclave sealed");
  }
  const nonce = sealed.slice(MAGIC.length, MAGIC.length + NONCE_LENGTH);
  try {
    const ciphertext = sealed.slice(MAGIC.length + NONCE_LENGTH);
    return aesGcm.decrypt(keys.sealKey(purpose), nonce, concat(MAGIC, aad), ciphertext);
  } catch (cause) {
    throw new EnclaveError(
      "Unseal",
      "the bytes were sealed by another enclave, for another purpose or on another machine, or were changed",
      { cause },
    );
  }
}
