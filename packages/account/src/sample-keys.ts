import { Hc128Rng } from "@mobilecoin-ts/crypto";
import type { FogInfo } from "./account-key.ts";
import type { MnemonicKeyFile } from "./key-file.ts";
import { mnemonicFromEntropy } from "./mnemonic.ts";

/** One account of a sample key set, and the name of its file without suffix. */
export interface SampleKey {
  readonly name: string;
  readonly file: MnemonicKeyFile;
}

/** Seed of the reference's default sample keys: 32 bytes of 01. */
export const DEFAULT_SAMPLE_SEED: Uint8Array = new Uint8Array(32).fill(1);

/**
 * The deterministic accounts that test networks are filled with (01 section 2.12.4): known to everyone, never to hold
 * value. Account i takes the next 32 bytes of HC-128 as BIP-39 entropy.
 */
export function sampleKeys(
  count: number,
  fog?: FogInfo,
  seed: Uint8Array = DEFAULT_SAMPLE_SEED,
): SampleKey[] {
  const rng = new Hc128Rng(seed);
  return Array.from({ length: count }, (_, i) => {
    const file = { kind: "mnemonic", mnemonic: mnemonicFromEntropy(rng.bytes(32)), accountIndex: 0 } as const;
    return { name: `account_keys_${i}`, file: fog === undefined ? file : { ...file, fog } };
  });
}

/** Order in which key files of a folder are read: by length of the name, then bytewise. */
export function compareKeyFileNames(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
