import { compareBytes } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockVersion } from "../tx-out/block-version.ts";
import { txOutEquals } from "../tx-out/tx-out.ts";
import { type InputCredentialsOptions, inputCredentials } from "./input-credentials.ts";
import { rejections } from "./testing-rejection.ts";
import { TestWorld } from "./testing-world.ts";

const world = new TestWorld(blockVersion(3), "credentials");
const alice = world.account();
const owned = world.fund(alice, { value: 42n, tokenId: 9n }, 4n);

function options(realIndex = 3): InputCredentialsOptions {
  return {
    ...world.ring(owned.index, realIndex),
    onetimeKeyDeriveData: { kind: "subaddressIndex", index: 4n },
    opening: { viewPrivateKey: alice.viewPrivateKey },
  };
}

describe("input credentials", () => {
  test("sort the ring with its proofs and find the real output again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), (realIndex) => {
        const credentials = inputCredentials(options(realIndex));
        const keys = credentials.ring.map(({ publicKey }) => publicKey);
        expect(keys).toEqual(keys.toSorted(compareBytes));
        expect(credentials.ring[credentials.realIndex]).toEqual(owned.txOut);
        for (const [index, txOut] of credentials.ring.entries()) {
          const proof = credentials.proofs[index]!;
          expect(txOutEquals(world.ledger.txOuts[Number(proof.index)]!, txOut)).toBe(true);
        }
        expect(credentials.amount).toMatchObject({ value: 42n, tokenId: 9n });
      }),
      { numRuns: 11 },
    );
  });

  test("open the real output with its shared secret too", () => {
    const opening = { sharedSecret: owned.sharedSecret };
    expect(inputCredentials({ ...options(), opening }).amount).toMatchObject({ value: 42n, tokenId: 9n });
  });

  test("cut ring and proofs to the shorter list", () => {
    const { proofs, ...rest } = options(0);
    expect(inputCredentials({ ...rest, proofs: proofs.slice(0, 5) }).ring.length).toBe(5);
    expect(inputCredentials({ ...rest, proofs: [...proofs, ...proofs] }).ring.length).toBe(11);
  });

  test("of two equal real outputs, the first counts", () => {
    const { ring, proofs, ...rest } = options(0);
    const twice = { ...rest, ring: [ring[0]!, ring[0]!], proofs: [proofs[0]!, proofs[1]!] };
    const credentials = inputCredentials({ ...twice, realIndex: 1 });
    expect(credentials.realIndex).toBe(0);
    expect(credentials.proofs).toEqual(twice.proofs);
  });

  test("InvalidRingSize: no ring, a real index beyond its end, a real output without a proof", () => {
    const { ring, proofs, ...rest } = options(5);
    for (const wrong of [
      { ring: [], proofs: [], realIndex: 0 },
      { ring, proofs, realIndex: 12 },
      { ring, proofs, realIndex: -1 },
      { ring, proofs: proofs.slice(0, 5), realIndex: 5 },
    ]) {
      expect(rejections(() => inputCredentials({ ...rest, ...wrong }))).toEqual(["builder: InvalidRingSize"]);
    }
  });

  test("NoInputs: a real index at the end of the ring", () => {
    expect(rejections(() => inputCredentials({ ...options(), realIndex: 11 }))).toEqual([
      "builder: NoInputs",
    ]);
  });

  test("KeyError, TxOutConversion: a real output without a point for a key, without an amount", () => {
    const { ring, ...rest } = options(0);
    const [real, ...others] = ring;
    const withReal = (change: object) =>
      rejections(() => inputCredentials({ ...rest, ring: [{ ...real!, ...change }, ...others] }));
    const noPoint = new Uint8Array(32).fill(255);
    expect(withReal({ publicKey: noPoint, maskedAmount: undefined })).toEqual([
      "builder: KeyError",
      "txOut: Key",
    ]);
    expect(withReal({ maskedAmount: undefined })).toEqual(["builder: TxOutConversion"]);
  });

  test("BadAmount: an output of somebody else", () => {
    const opening = { viewPrivateKey: Scalar.fromBigInt(5n) };
    expect(rejections(() => inputCredentials({ ...options(), opening }))).toEqual([
      "builder: BadAmount",
      "amount: InconsistentCommitment",
    ]);
  });
});
