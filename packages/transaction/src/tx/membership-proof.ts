import { blake2b256, compareBytes, type Digestible, d } from "@mobilecoin-ts/crypto";
import { type Codec, f, fixedBytes, message } from "@mobilecoin-ts/wire";
import { TransactionError, type TransactionErrorCodes } from "../error.ts";
import { type TxOut, txOutMerkleLeaf } from "../tx-out/tx-out.ts";

/** TxOut indices `from` to `to`, both included. */
export interface MembershipRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** The hash of the subtree over a range of TxOuts. */
export interface TxOutMembershipElement {
  readonly range: MembershipRange;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** A proof that the ledger held a TxOut at `index` when `highestIndex` was its last (02 section 2.8). */
export interface TxOutMembershipProof {
  readonly index: bigint;
  readonly highestIndex: bigint;
  /** The leaf, then one sibling a level, upwards. */
  readonly elements: readonly TxOutMembershipElement[];
}

/** Length of a membership hash in bytes. */
export const MEMBERSHIP_HASH_LENGTH = 32;

/** The hash of any subtree without a TxOut, whatever its size (03 section 2.7). */
export const MEMBERSHIP_NIL_HASH: Uint8Array = blake2b256("mc_tx_out_merkle_nil");

/** The hash of an inner node over its two children's (32 bytes each). */
export function membershipNodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return blake2b256("mc_tx_out_merkle_node", left, right);
}

const rangeDigestible: Digestible<MembershipRange> = d.struct<MembershipRange>("Range", [
  ["from", d.u64],
  ["to", d.u64],
]);

export const membershipElementDigestible: Digestible<TxOutMembershipElement> =
  d.struct<TxOutMembershipElement>("TxOutMembershipElement", [
    ["range", rangeDigestible],
    ["hash", d.bytes],
  ]);

export const membershipProofDigestible: Digestible<TxOutMembershipProof> = d.struct<TxOutMembershipProof>(
  "TxOutMembershipProof",
  [
    ["index", d.u64],
    ["highest_index", d.u64],
    ["elements", d.list(membershipElementDigestible)],
  ],
);

const rangeCodec: Codec<MembershipRange> = message<MembershipRange>("Range", {
  from: f.uint64(1),
  to: f.uint64(2),
});

export const membershipElementCodec: Codec<TxOutMembershipElement> = message<TxOutMembershipElement>(
  "TxOutMembershipElement",
  {
    range: f.message(1, rangeCodec),
    hash: f.message(2, fixedBytes("TxOutMembershipHash", MEMBERSHIP_HASH_LENGTH)),
  },
);

export const membershipProofCodec: Codec<TxOutMembershipProof> = message<TxOutMembershipProof>(
  "TxOutMembershipProof",
  {
    index: f.uint64(1),
    highestIndex: f.uint64(2),
    elements: f.repeated(3, membershipElementCodec),
  },
);

function refuse(
  code: TransactionErrorCodes["membership"],
  text: string,
  data: Readonly<Record<string, bigint | number>> = {},
): TransactionError<"membership"> {
  return new TransactionError("membership", code, text, { data });
}

const U64_MASK = (1n << 64n) - 1n;

/** The reference computes successors and lengths in wrapping u64 arithmetic; so must whoever has to agree with it. */
function next(index: bigint): bigint {
  return (index + 1n) & U64_MASK;
}

function join(
  current: TxOutMembershipElement,
  element: TxOutMembershipElement,
  position: number,
): TxOutMembershipElement {
  const currentIsLeft = next(current.range.to) === element.range.from;
  const currentIsRight = next(element.range.to) === current.range.from;
  if (currentIsLeft === currentIsRight) {
    throw refuse("UnexpectedMembershipElement", `element ${position} does not adjoin those before it`, {
      position,
    });
  }
  const [left, right] = currentIsLeft ? [current, element] : [element, current];
  return {
    range: { from: left.range.from, to: right.range.to },
    hash: membershipNodeHash(left.hash, right.hash),
  };
}

/**
 * The root element that a proof implies (03 section 2.7.2).
 *
 * @throws TransactionError area `membership`: `RangeError`, `MissingLeafHash`, `UnexpectedMembershipElement` (its
 * `position` counts all elements from 0).
 */
export function impliedMerkleRoot(proof: TxOutMembershipProof): TxOutMembershipElement {
  requireOrderedRanges(proof);
  const [leaf, ...siblings] = proof.elements;
  if (leaf === undefined || !isLeafAt(leaf.range, proof.index)) throw missingLeaf(proof.index);
  return siblings.reduce((root, element, i) => join(root, element, i + 1), leaf);
}

/** Throws `RangeError` where an element's range ends before it starts. */
export function requireOrderedRanges(proof: TxOutMembershipProof): void {
  const position = proof.elements.findIndex(({ range }) => range.from > range.to);
  if (position >= 0)
    throw refuse("RangeError", `the range of element ${position} ends before it starts`, { position });
}

function isLeafAt(range: MembershipRange, index: bigint): boolean {
  return range.from === index && range.to === index;
}

function missingLeaf(index: bigint): TransactionError<"membership"> {
  return refuse("MissingLeafHash", "the first element is not the leaf of the proven index", { index });
}

/**
 * Whether a proof shows a TxOut under a root hash (32 bytes) that is known to be the ledger's (02 section 2.8).
 * A proof that is well-formed but leads to another root is false, not an error.
 *
 * @throws TransactionError area `membership`: `HighestIndexMismatch`, `MissingLeafHash`, `IncorrectLeafHash`,
 * `RangeError`, `UnexpectedMembershipElement`, `RootNotCoveringZero`.
 */
export function isMembershipProofValid(
  txOut: TxOut,
  proof: TxOutMembershipProof,
  knownRootHash: Uint8Array,
): boolean {
  if (proof.index > proof.highestIndex) {
    throw refuse("HighestIndexMismatch", "the proof is for an index beyond its highest one");
  }
  const [leaf] = proof.elements;
  if (leaf === undefined || !isLeafAt(leaf.range, proof.index)) throw missingLeaf(proof.index);
  if (compareBytes(leaf.hash, txOutMerkleLeaf(txOut)) !== 0) {
    throw refuse("IncorrectLeafHash", "the leaf is not the hash of the TxOut", { index: proof.index });
  }
  const root = impliedMerkleRoot(proof);
  if (root.range.from !== 0n) throw refuse("RootNotCoveringZero", "the root does not cover index 0");
  if (proof.highestIndex > root.range.to) {
    throw refuse("HighestIndexMismatch", "the root does not cover the highest index");
  }
  return compareBytes(root.hash, knownRootHash) === 0;
}

/** Ranges compare by length, then by where they start, then by where they end. */
function compareRanges(a: MembershipRange, b: MembershipRange): number {
  const length = ({ from, to }: MembershipRange): bigint => (to - from + 1n) & U64_MASK;
  for (const difference of [length(a) - length(b), a.from - b.from, a.to - b.to]) {
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/**
 * Turns a proof for an index in a larger tree into the proof that held when that TxOut was the last (03 section
 * 2.7.4); its implied root is the ledger's root at that time.
 *
 * @throws TransactionError area `membership`: `NumericLimitsExceeded`, `UnexpectedMembershipElement`.
 */
export function deriveProofAtIndex(proof: TxOutMembershipProof): TxOutMembershipProof {
  const { index } = proof;
  const root = { from: 0n, to: nextPowerOfTwo(next(index)) - 1n };
  const elements: TxOutMembershipElement[] = [];
  for (const [position, element] of proof.elements.entries()) {
    const { range } = element;
    if (compareRanges(range, root) > 0) continue;
    if (range.from > index) {
      elements.push({ range, hash: MEMBERSHIP_NIL_HASH });
    } else if (range.from === range.to || range.to <= index) {
      elements.push(element);
    } else {
      throw refuse("UnexpectedMembershipElement", `element ${position} straddles the proven index`, {
        position,
      });
    }
  }
  return { index, highestIndex: index, elements };
}

/** The least power of two of at least `count`; 1 for 0, as the reference has it. */
function nextPowerOfTwo(count: bigint): bigint {
  let power = 1n;
  while (power < count) power <<= 1n;
  if (power > U64_MASK) throw refuse("NumericLimitsExceeded", "the tree would exceed 2^63 leaves");
  return power;
}
