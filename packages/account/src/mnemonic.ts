import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { AccountError } from "./error.ts";

/** Entropy lengths (bytes) that BIP-39 knows; 32 makes the usual 24 words. */
export const MNEMONIC_ENTROPY_LENGTHS: readonly number[] = [16, 20, 24, 28, 32];

/** A new phrase of 24 English words. */
export function generateMnemonic(random: RandomBytes = systemRandom): string {
  return mnemonicFromEntropy(random(32));
}

/** The phrase of 16, 20, 24, 28 or 32 bytes of entropy. Throws `MnemonicSize`. */
export function mnemonicFromEntropy(entropy: Uint8Array): string {
  if (!MNEMONIC_ENTROPY_LENGTHS.includes(entropy.length)) {
    throw new AccountError(
      "MnemonicSize",
      `entropy must be 16, 20, 24, 28 or 32 bytes, got ${entropy.length}`,
      {
        data: { found: entropy.length },
      },
    );
  }
  return entropyToMnemonic(entropy, wordlist);
}

/** The entropy of a phrase, its checksum verified. Throws `InvalidMnemonic`. */
export function mnemonicEntropy(mnemonic: string): Uint8Array {
  try {
    return mnemonicToEntropy(normalizeMnemonic(mnemonic), wordlist);
  } catch {
    // The library's message may quote a word of the phrase, so it is not kept as the cause.
    throw new AccountError(
      "InvalidMnemonic",
      "not a recovery phrase: it takes 12, 15, 18, 21 or 24 English BIP-39 words with a matching checksum",
    );
  }
}

/** BIP-39 seed (64 bytes) of a phrase; the passphrase is always empty. Throws `InvalidMnemonic`. */
export function mnemonicSeed(mnemonic: string): Uint8Array {
  mnemonicEntropy(mnemonic);
  return mnemonicToSeedSync(normalizeMnemonic(mnemonic));
}

/** Words joined by single spaces, as they enter both the checksum and the key derivation. */
export function normalizeMnemonic(mnemonic: string): string {
  return mnemonic.normalize("NFKD").trim().split(/\s+/).join(" ");
}
