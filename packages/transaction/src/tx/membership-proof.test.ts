import { bytesToHex, concat, utf8 } from "@mobilecoin-ts/crypto";
import { Point } from "@mobilecoin-ts/curve";
import { blake2b } from "@noble/hashes/blake2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom, TestWorld } from "../builder/testing-world.ts";
import { MAX_BLOCK_VERSION } from "../tx-out/block-version.ts";
import type { TxOut } from "../tx-out/tx-out.ts";
import {
  deriveProofAtIndex,
  impliedMerkleRoot,
  isMembershipProofValid,
  MEMBERSHIP_NIL_HASH,
  type MembershipRange,
  membershipNodeHash,
  membershipProofCodec,
  requireOrderedRanges,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "./membership-proof.ts";
import { rejectionsOf } from "./testing/rejections-of.ts";

const MAX_U64 = (1n << 64n) - 1n;
const random = seededRandom("membership");

function txOut(): TxOut {
  const point = (): Uint8Array => Point.fromUniformBytes(random(64)).encode();
  return {
    maskedAmount: { version: 2, commitment: point(), maskedValue: 1n, maskedTokenId: new Uint8Array(8) },
    targetKey: point(),
    publicKey: point(),
    eFogHint: random(84),
    eMemo: random(66),
  };
}

function ledgerOf(txOuts: readonly TxOut[]): TestWorld["ledger"] {
  const { ledger } = new TestWorld(MAX_BLOCK_VERSION, "membership", 0);
  for (const output of txOuts) ledger.append(output);
  return ledger;
}

const ledger = ledgerOf(Array.from({ length: 6 }, txOut));
const proof = ledger.proof(3);
const root = impliedMerkleRoot(proof);

function element(from: bigint, to: bigint, hash = MEMBERSHIP_NIL_HASH): TxOutMembershipElement {
  return { range: { from, to }, hash };
}

function withElements(elements: readonly TxOutMembershipElement[]): TxOutMembershipProof {
  return { ...proof, elements };
}

function withElement(position: number, range: MembershipRange): TxOutMembershipProof {
  return withElements(proof.elements.map((old, i) => (i === position ? { ...old, range } : old)));
}

function verdict(
  bent: TxOutMembershipProof,
  txOut: TxOut = ledger.txOuts[3]!,
  known: Uint8Array = root.hash,
): unknown {
  let valid: unknown;
  const rejections = rejectionsOf(() => {
    valid = isMembershipProofValid(txOut, bent, known);
  });
  return rejections.length > 0 ? rejections : valid;
}

describe("a membership proof", () => {
  test("goes up the tree from its leaf", () => {
    expect(proof.elements.map(({ range }) => range)).toEqual([
      { from: 3n, to: 3n },
      { from: 2n, to: 2n },
      { from: 0n, to: 1n },
      { from: 4n, to: 7n },
    ]);
    expect(root.range).toEqual({ from: 0n, to: 7n });
    expect(verdict(proof)).toBe(true);
    for (let i = 0; i < 6; i++) {
      expect(impliedMerkleRoot(ledger.proof(i))).toEqual(root);
    }
  });

  test("is false, not an error, under another root", () => {
    expect(verdict(proof, undefined, new Uint8Array(32))).toBe(false);
    const [leaf, ...siblings] = proof.elements;
    const swapped = siblings.map((sibling, i) => (i === 1 ? { ...sibling, hash: root.hash } : sibling));
    expect(verdict(withElements([leaf!, ...swapped]))).toBe(false);
  });

  test("is refused where its index is beyond the highest", () => {
    expect(verdict({ ...proof, highestIndex: 2n })).toEqual(["membership: HighestIndexMismatch"]);
    expect(verdict({ ...proof, highestIndex: 3n })).toBe(true);
  });

  test("is refused without its leaf", () => {
    expect(verdict(withElements([]))).toEqual(["membership: MissingLeafHash"]);
    expect(verdict(withElements(proof.elements.slice(1)))).toEqual(["membership: MissingLeafHash"]);
    expect(verdict(withElement(0, { from: 3n, to: 4n }))).toEqual(["membership: MissingLeafHash"]);
    expect(rejectionsOf(() => impliedMerkleRoot(withElements([])))).toEqual(["membership: MissingLeafHash"]);
  });

  test("is refused for another output", () => {
    expect(verdict(proof, ledger.txOuts[2])).toEqual(["membership: IncorrectLeafHash"]);
  });

  test("is refused where a range ends before it starts", () => {
    expect(verdict(withElement(2, { from: 1n, to: 0n }))).toEqual(["membership: RangeError"]);
    expect(rejectionsOf(() => requireOrderedRanges(withElement(2, { from: 1n, to: 0n })))).toEqual([
      "membership: RangeError",
    ]);
    // The implied root looks at ranges before it looks for the leaf.
    expect(rejectionsOf(() => impliedMerkleRoot(withElements([element(2n, 1n)])))).toEqual([
      "membership: RangeError",
    ]);
  });

  test("names the element that does not adjoin, counted from the leaf as 0", () => {
    for (const [position, range] of [
      [1, { from: 5n, to: 5n }],
      [2, { from: 0n, to: 0n }],
      [3, { from: 5n, to: 7n }],
    ] as const) {
      expect(() => impliedMerkleRoot(withElement(position, range))).toThrow(
        expect.objectContaining({ code: "UnexpectedMembershipElement", data: { position } }),
      );
    }
  });

  test("adjoins in wrapping arithmetic, and on one side only", () => {
    // [1, 2^64-1] and [0, 0] adjoin on both sides, so neither is left of the other.
    const whole = { index: 1n, highestIndex: 1n, elements: [element(1n, 1n), element(2n, MAX_U64)] };
    expect(impliedMerkleRoot(whole).range).toEqual({ from: 1n, to: MAX_U64 });
    const both = { ...whole, elements: [...whole.elements, element(0n, 0n)] };
    expect(rejectionsOf(() => impliedMerkleRoot(both))).toEqual(["membership: UnexpectedMembershipElement"]);
    // After 2^64-1 comes 0, to the right.
    const last = {
      index: MAX_U64,
      highestIndex: MAX_U64,
      elements: [element(MAX_U64, MAX_U64), element(0n, 5n)],
    };
    expect(impliedMerkleRoot(last)).toEqual(
      element(MAX_U64, 5n, membershipNodeHash(MEMBERSHIP_NIL_HASH, MEMBERSHIP_NIL_HASH)),
    );
  });

  test("needs neither alignment nor powers of two", () => {
    const [leaf] = proof.elements;
    const odd = withElements([leaf!, element(4n, 4n), element(0n, 2n), element(5n, 9n)]);
    expect(verdict(odd, undefined, impliedMerkleRoot(odd).hash)).toBe(true);
  });

  test("must cover index 0 and its highest index", () => {
    const short = withElements(proof.elements.slice(0, 2));
    expect(verdict(short)).toEqual(["membership: RootNotCoveringZero"]);
    expect(verdict({ ...proof, highestIndex: 8n })).toEqual(["membership: HighestIndexMismatch"]);
    expect(verdict({ ...proof, highestIndex: 7n })).toBe(true);
  });

  test("keeps the order of its checks", () => {
    expect(verdict({ ...withElements([]), highestIndex: 0n })).toEqual(["membership: HighestIndexMismatch"]);
    const bent = withElement(2, { from: 1n, to: 0n });
    expect(verdict(bent, ledger.txOuts[0])).toEqual(["membership: IncorrectLeafHash"]);
  });

  test("decodes whatever its fields hold, and encodes to the same bytes", () => {
    const u64 = fc.bigInt(0n, MAX_U64);
    const anyProof = fc.record({
      index: u64,
      highestIndex: u64,
      elements: fc.array(
        fc.record({
          range: fc.record({ from: u64, to: u64 }),
          hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        }),
        { maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(anyProof, (value) => {
        const bytes = membershipProofCodec.encode(value);
        const decoded = membershipProofCodec.decode(bytes);
        expect(decoded).toEqual(value);
        expect(bytesToHex(membershipProofCodec.encode(decoded))).toBe(bytesToHex(bytes));
      }),
    );
  });

  test("writes a range of zeros as an empty message", () => {
    const bytes = membershipProofCodec.encode({
      index: 0n,
      highestIndex: 0n,
      elements: [element(0n, 0n, new Uint8Array(32))],
    });
    expect(bytesToHex(bytes)).toBe(`1a260a0012220a20${"00".repeat(32)}`);
    // Nothing is truly required: what is missing is zero.
    expect(membershipProofCodec.decode(Uint8Array.of(0x1a, 0)).elements).toEqual([
      element(0n, 0n, new Uint8Array(32)),
    ]);
  });
});

test("hashes of inner nodes and of nothing are tagged, without lengths", () => {
  const hash = (text: string, ...parts: Uint8Array[]): string =>
    bytesToHex(blake2b(concat(utf8(text), ...parts), { dkLen: 32 }));
  const [left, right] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(bytesToHex(membershipNodeHash(left, right))).toBe(hash("mc_tx_out_merkle_node", left, right));
  expect(bytesToHex(MEMBERSHIP_NIL_HASH)).toBe(hash("mc_tx_out_merkle_nil"));
});

describe("a proof cut back to its index", () => {
  test("folds to the root of the tree that ended there", () => {
    const txOuts = Array.from({ length: 40 }, txOut);
    const roots = txOuts.map((_, last) => impliedMerkleRoot(ledgerOf(txOuts.slice(0, last + 1)).proof(last)));
    for (let count = 1; count <= txOuts.length; count++) {
      const now = ledgerOf(txOuts.slice(0, count));
      for (let index = 0; index < count; index++) {
        const cut = deriveProofAtIndex(now.proof(index));
        expect(cut).toMatchObject({ index: BigInt(index), highestIndex: BigInt(index) });
        expect(impliedMerkleRoot(cut)).toEqual(roots[index]);
      }
    }
  });

  test("is refused where an element straddles the index", () => {
    const straddling = withElements([proof.elements[0]!, element(2n, 2n), element(0n, 1n)]);
    expect(deriveProofAtIndex(straddling).elements).toHaveLength(3);
    expect(() =>
      deriveProofAtIndex(withElements([proof.elements[0]!, element(2n, 2n), element(2n, 4n)])),
    ).toThrow(expect.objectContaining({ code: "UnexpectedMembershipElement", data: { position: 2 } }));
  });

  test("drops ranges by length, then by where they start, then by where they end", () => {
    // The root's range is [0, 3]: [1, 4] is as long but starts later, so it goes; [0, 3] itself stays and straddles
    // index 2.
    const at2 = { index: 2n, highestIndex: 9n };
    expect(deriveProofAtIndex({ ...at2, elements: [element(2n, 2n), element(1n, 4n)] }).elements).toEqual([
      element(2n, 2n),
    ]);
    expect(
      rejectionsOf(() => deriveProofAtIndex({ ...at2, elements: [element(2n, 2n), element(0n, 3n)] })),
    ).toEqual(["membership: UnexpectedMembershipElement"]);
    // Lengths wrap: all of [0, 2^64-1] counts as length 0 and is never dropped.
    expect(rejectionsOf(() => deriveProofAtIndex({ ...at2, elements: [element(0n, MAX_U64)] }))).toEqual([
      "membership: UnexpectedMembershipElement",
    ]);
  });

  test("is refused where the tree would have more than 2^63 leaves; 2^64 leaves wrap to none", () => {
    const at = (index: bigint): TxOutMembershipProof => ({ index, highestIndex: index, elements: [] });
    expect(rejectionsOf(() => deriveProofAtIndex(at(1n << 63n)))).toEqual([
      "membership: NumericLimitsExceeded",
    ]);
    expect(deriveProofAtIndex(at((1n << 63n) - 1n)).index).toBe((1n << 63n) - 1n);
    expect(deriveProofAtIndex(at(MAX_U64)).index).toBe(MAX_U64);
  });
});
