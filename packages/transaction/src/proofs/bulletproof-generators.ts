import { u32le, utf8 } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { shake256 } from "@noble/hashes/sha3.js";

/** Generators a party has: one for each bit of the widest range (02 section 2.12). */
export const GENERATORS_PER_PARTY = 64;

/** Most commitments that one proof can cover (02 section 2.12). */
export const MAX_PARTIES = 64;

export type GeneratorLetter = "G" | "H";

const CHAIN_TAG = utf8("GeneratorsChain");

/** The generators of one party: successive 64-byte blocks of a SHAKE256 stream, each mapped to the curve. */
function partyGenerators(letter: GeneratorLetter, party: number): Point[] {
  const stream = shake256.create().update(CHAIN_TAG).update(utf8(letter)).update(u32le(party));
  return Array.from({ length: GENERATORS_PER_PARTY }, () => Point.fromUniformBytes(stream.xof(64)));
}

const chains: Record<GeneratorLetter, Point[]> = { G: [], H: [] };

/**
 * The vector generators of parties `0 … parties − 1`, 64 a party: generator `i` of party `j` at index `64·j + i`.
 * Made on first need and kept; the returned array may be longer than asked for. A proof over fewer bits uses the
 * first ones of each party.
 */
export function vectorGenerators(letter: GeneratorLetter, parties: number): readonly Point[] {
  const chain = chains[letter];
  for (let party = chain.length / GENERATORS_PER_PARTY; party < parties; party++) {
    chain.push(...partyGenerators(letter, party));
  }
  return chain;
}
