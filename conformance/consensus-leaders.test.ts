import { bytesToHex, ed25519PublicKey, Hc128Rng, hexToBytes } from "@mobilecoin-ts/crypto";
import { neighborHash, priorityHash } from "@mobilecoin-ts/scp";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface NodeRow {
  readonly name: string;
  readonly responder_id: string;
  readonly signing_seed: string;
  readonly public_key: string;
}

describeVectors("consensus: test nodes", () => {
  test.each(loadVectors<NodeRow>("consensus/test_nodes.jsonl"))("$name", (row) => {
    const number = Number(row.name.replace("node_", ""));
    // HC-128 keyed with the number, 32 bits big-endian, and zeros; the IV is zero (04 section 5).
    const seed = new Uint8Array(32);
    new DataView(seed.buffer).setUint32(0, number);
    const signingSeed = new Hc128Rng(seed).bytes(32);
    expect(row.responder_id).toBe(`node${number}.test.com:8443`);
    expect(bytesToHex(signingSeed)).toBe(row.signing_seed);
    expect(bytesToHex(ed25519PublicKey(signingSeed))).toBe(row.public_key);
  });
});

interface LeaderRow {
  readonly name: string;
  readonly slot_index: string;
  readonly round: number;
  readonly public_key: string;
  readonly neighbor_hash: string;
  readonly priority_hash: string;
}

describeVectors("consensus: leader hashes", () => {
  test.each(loadVectors<LeaderRow>("consensus/leader_hashes.jsonl"))("$name", (row) => {
    const slotIndex = BigInt(row.slot_index);
    const publicKey = hexToBytes(row.public_key);
    expect(bytesToHex(neighborHash(slotIndex, row.round, publicKey))).toBe(row.neighbor_hash);
    expect(bytesToHex(priorityHash(slotIndex, row.round, publicKey))).toBe(row.priority_hash);
  });
});
