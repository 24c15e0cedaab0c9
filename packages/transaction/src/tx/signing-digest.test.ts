import { bytesToHex, concat } from "@mobilecoin-ts/crypto";
import { describe, expect, test } from "vitest";
import { blockVersion } from "../tx-out/block-version.ts";
import { extendedMessageDigest, ringSigningMessage, type SignedParts } from "./signing-digest.ts";
import { type TxPrefix, txPrefixHash } from "./tx.ts";

const input = { ring: [], proofs: [], inputRules: undefined };
const prefix: TxPrefix = {
  inputs: [input, input],
  outputs: [],
  fee: 1n,
  feeTokenId: 0n,
  tombstoneBlock: 2n,
};
const parts: SignedParts = {
  pseudoOutputCommitments: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)],
  rangeProofBytes: Uint8Array.of(3, 3, 3),
  rangeProofs: [],
};

const message = (version: number, changes: Partial<SignedParts> = {}, of = prefix): string =>
  bytesToHex(ringSigningMessage(blockVersion(version), of, { ...parts, ...changes }));

const OTHER_PROOF = { rangeProofs: [Uint8Array.of(4)] };

describe("what the rings sign", () => {
  test("before block version 2 is the extended message itself, longer than a digest", () => {
    const extended = concat(txPrefixHash(prefix), ...parts.pseudoOutputCommitments, parts.rangeProofBytes);
    for (const version of [0, 1]) {
      expect(message(version)).toBe(bytesToHex(extended));
      // The list of proofs came later and is not covered.
      expect(message(version, OTHER_PROOF)).toBe(bytesToHex(extended));
    }
  });

  test("at block version 2 is the digest of the extended message", () => {
    expect(message(2)).toBe(bytesToHex(extendedMessageDigest(txPrefixHash(prefix), parts)));
    expect(message(2, OTHER_PROOF)).not.toBe(message(2));
  });

  test("from block version 3 covers the summary too, alike at 3 and 4", () => {
    expect(message(3)).not.toBe(message(2));
    expect(message(3)).toBe(message(4));
  });

  test.each([0, 1, 2, 3, 4])("covers prefix, pseudo-outputs and proof at block version %i", (version) => {
    const messages = [
      message(version),
      message(version, {}, { ...prefix, fee: 2n }),
      message(version, { pseudoOutputCommitments: [...parts.pseudoOutputCommitments].reverse() }),
      message(version, { rangeProofBytes: Uint8Array.of(3, 3, 4) }),
    ];
    expect(new Set(messages).size).toBe(messages.length);
  });

  test("omits empty proofs, of either form", () => {
    const hash = txPrefixHash(prefix);
    const digest = (changes: Partial<SignedParts>): string =>
      bytesToHex(extendedMessageDigest(hash, { ...parts, ...changes }));
    const none = digest({ rangeProofBytes: new Uint8Array(0) });
    expect(none).not.toBe(digest({}));
    // A list with one empty proof is not an empty list.
    expect(digest({ rangeProofBytes: new Uint8Array(0), rangeProofs: [new Uint8Array(0)] })).not.toBe(none);
  });
});
