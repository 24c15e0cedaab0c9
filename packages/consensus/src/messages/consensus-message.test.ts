import { bytesToHex } from "@mobilecoin-ts/crypto";
import { describe, expect, it } from "vitest";
import {
  type ConsensusMessage,
  consensusMessageHash,
  signConsensusMessage,
  verifyConsensusMessage,
} from "./consensus-message.ts";
import { sampleMessage } from "./testing/arbitrary-message.ts";

const { seed, message } = sampleMessage();
const signed = signConsensusMessage(message, new Uint8Array(32).fill(7), seed);

describe("consensus messages", () => {
  it("cannot be signed for slot 0", () => {
    expect(() => signConsensusMessage({ ...message, slotIndex: 0n }, new Uint8Array(32), seed)).toThrow(
      expect.objectContaining({ code: "ZeroSlot" }),
    );
  });

  it("verify as the sender's, over statement and chain", () => {
    expect(verifyConsensusMessage(signed)).toBe(true);
    const other = { ...message.sender, publicKey: message.sender.publicKey.toReversed() };
    const bent: ConsensusMessage[] = [
      { ...signed, previousBlockId: new Uint8Array(32).fill(8) },
      { ...signed, signature: signed.signature.toReversed() },
      { ...signed, message: { ...message, slotIndex: 8n } },
      { ...signed, message: { ...message, sender: other } },
      { ...signed, message: { ...message, quorumSet: { threshold: 0, members: [] } } },
      { ...signed, message: { ...message, topic: { kind: "nominate", x: [], y: [] } } },
    ];
    expect(bent.map(verifyConsensusMessage)).toEqual(bent.map(() => false));
  });

  it("are told apart by statement, chain and signature", () => {
    const hashes = [
      signed,
      { ...signed, previousBlockId: new Uint8Array(32) },
      { ...signed, signature: new Uint8Array(64) },
      { ...signed, message: { ...message, slotIndex: 8n } },
    ].map((any) => bytesToHex(consensusMessageHash(any)));
    expect(new Set(hashes).size).toBe(4);
    expect(bytesToHex(consensusMessageHash({ ...signed }))).toBe(hashes[0]);
  });
});
