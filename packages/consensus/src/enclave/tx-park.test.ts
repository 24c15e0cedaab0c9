import { Hc128Rng } from "@mobilecoin-ts/crypto";
import { memberRoots, txCodec, txHash } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { TestLedger } from "../testing/test-ledger.ts";
import { footprintOf } from "./tx-decoding.ts";
import { type ParkedTx, TxPark } from "./tx-park.ts";

const ledger = new TestLedger(2);
const parkedOf = (i: number): ParkedTx => {
  const { tx, rootProofs } = ledger.payment(i);
  return { tx, bytes: txCodec.encode(tx), txHash: txHash(tx), provenRoots: memberRoots(rootProofs) };
};
const [first, second] = [parkedOf(0), parkedOf(1)];

function park(maxKeptBytes?: number): TxPark {
  const rng = new Hc128Rng(new Uint8Array(32).fill(1));
  return new TxPark((length) => rng.bytes(length), maxKeptBytes);
}

const code = (attempt: () => unknown): unknown => {
  try {
    return attempt();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("a parked transaction", () => {
  test.each([
    ["kept in memory", undefined],
    ["decrypted", 0],
  ])("comes back as it was, %s", (_, maxKeptBytes) => {
    const parking = park(maxKeptBytes);
    const blobs = [parking.park(first), parking.park(second), parking.park({ ...first, provenRoots: [] })];
    expect(parking.open(blobs[0]!)).toEqual(first);
    expect(parking.open(blobs[1]!)).toEqual(second);
    expect(parking.open(blobs[2]!)).toEqual({ ...first, provenRoots: [] });
    expect(parking.bytesOf(blobs[1]!)).toEqual(second.bytes);
    for (const blob of blobs) parking.release(blob);
    expect(parking.open(blobs[0]!)).toEqual(first);
  });

  test("is decoded once as long as memory allows", () => {
    const parking = park();
    const blob = parking.park(first);
    expect(parking.open(blob)).toBe(first);
    parking.release(blob);
    expect(parking.open(blob)).not.toBe(first);
  });

  test("makes room for later ones, the oldest first", () => {
    const parking = park(2.5 * (2 * first.bytes.length + footprintOf(first.tx)));
    const blobs = [first, second, first].map((parked) => parking.park(parked));
    expect(parking.open(blobs[0]!)).not.toBe(first);
    expect(parking.open(blobs[1]!)).toBe(second);
    expect(parking.open(blobs[2]!)).toBe(first);
    expect(parking.open(blobs[0]!)).toEqual(first);
  });

  test.each([
    ["kept in memory", undefined],
    ["decrypted", 0],
  ])("is refused with any bit changed, %s", (_, maxKeptBytes) => {
    const parking = park(maxKeptBytes);
    const blob = parking.park(first);
    for (const position of [0, 1000, blob.length - 30, blob.length - 20, blob.length - 1]) {
      const bent = blob.slice();
      bent[position]! ^= 1;
      expect(code(() => parking.open(bent))).toBe("CacheCipher");
      expect(code(() => parking.bytesOf(bent))).toBe("CacheCipher");
    }
    expect(code(() => parking.open(blob.slice(0, 10)))).toBe("CacheCipher");
    expect(code(() => parking.open(new Uint8Array(0)))).toBe("CacheCipher");
  });

  test("is refused elsewhere, and after a change of the host's copy", () => {
    const other = new TxPark((length) => new Uint8Array(length).fill(9));
    const parking = park();
    const blob = parking.park(first);
    expect(code(() => other.open(blob))).toBe("CacheCipher");
    blob[5]! ^= 1;
    expect(code(() => parking.open(blob))).toBe("CacheCipher");
  });
});
