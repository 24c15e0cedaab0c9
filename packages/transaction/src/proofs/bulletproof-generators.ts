import { u32le, utf8 } from "@mobilecoin-ts/crypto";
import {
  Point,
  PointVector,
  type Product,
  type Scalar,
  type ScalarVector,
  StaticTable,
} from "@mobilecoin-ts/curve";
import { shake256 } from "@noble/hashes/sha3.js";

/** Generators a party has: one for each bit of the widest range (02 section 2.12). */
export const GENERATORS_PER_PARTY = 64;

/** Most commitments that one proof can cover (02 section 2.12). */
export const MAX_PARTIES = 64;

/**
 * Parties whose generators get tables: a transaction of 16 inputs and outputs. The tables grow as they are needed, by
 * doubling: about 1.3 MB of kernel memory a party.
 */
const MAX_TABLE_PARTIES = 16;

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

const tables: Partial<Record<GeneratorLetter, StaticTable>> = {};

function tableFor(letter: GeneratorLetter, parties: number): StaticTable {
  const known = tables[letter];
  const covered = Math.min(parties, MAX_TABLE_PARTIES) * GENERATORS_PER_PARTY;
  if (known !== undefined && known.length >= covered) return known;
  known?.dispose();
  const table = StaticTable.from(vectorGenerators(letter, parties).slice(0, covered));
  tables[letter] = table;
  return table;
}

/**
 * The products of scalars with the generators from index `start` on, for a sum over proofs of up to `parties`
 * parties: over tables as far as there are any.
 */
export function generatorProducts(
  letter: GeneratorLetter,
  parties: number,
  start: number,
  scalars: ScalarVector | readonly Scalar[],
): Product[] {
  const table = tableFor(letter, parties);
  const end = start + scalars.length;
  if (end <= table.length) return [{ scalars, points: table.slice(start, end) }];
  const generators = vectorGenerators(letter, parties);
  if (start >= table.length) return [{ scalars, points: generators.slice(start, end) }];
  const split = table.length - start;
  return [
    { scalars: scalars.slice(0, split), points: table.slice(start) },
    { scalars: scalars.slice(split), points: generators.slice(table.length, end) },
  ];
}

/** What a prover with secret scalars needs of the generators: no tables, but `−H` beside `H`. */
export interface ProverGenerators {
  readonly g: PointVector;
  readonly h: PointVector;
  readonly negativeH: PointVector;
}

const proverGenerators = new Map<string, ProverGenerators>();

/** The generators of a proof of `parties` parties over `bits` bits, `bits` a party, kept in kernel memory. */
export function generatorsForProver(bits: number, parties: number): ProverGenerators {
  const key = `${bits} ${parties}`;
  const known = proverGenerators.get(key);
  if (known !== undefined) return known;
  const own = (letter: GeneratorLetter) =>
    vectorGenerators(letter, parties).filter(
      (_, at) => at < parties * GENERATORS_PER_PARTY && at % GENERATORS_PER_PARTY < bits,
    );
  const h = own("H");
  const made = {
    g: PointVector.from(own("G")),
    h: PointVector.from(h),
    negativeH: PointVector.from(h.map((point) => point.negate())),
  };
  proverGenerators.set(key, made);
  return made;
}
