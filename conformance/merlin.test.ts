import { bytesToHex, hexToBytes, Transcript } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { Strobe128 } from "../packages/crypto/src/strobe.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

type TranscriptOperation =
  | { op: "append"; label: string; message: string }
  | { op: "challenge"; label: string; length: number; output: string };

type StrobeOperation =
  | { op: "meta_ad" | "ad" | "key"; data: string; more: boolean }
  | { op: "prf"; length: number; more: boolean; output: string };

describeVectors("merlin", () => {
  const transcripts = loadVectors<{
    name: string;
    transcript_label: string;
    operations: TranscriptOperation[];
  }>("merlin/transcripts.jsonl");
  for (const row of transcripts) {
    test(row.name, () => {
      const transcript = new Transcript(hexToBytes(row.transcript_label));
      for (const operation of row.operations) {
        const label = hexToBytes(operation.label);
        if (operation.op === "append") transcript.append(label, hexToBytes(operation.message));
        else expect(bytesToHex(transcript.challenge(label, operation.length))).toBe(operation.output);
      }
    });
  }

  const strobes = loadVectors<{ name: string; protocol_label: string; operations: StrobeOperation[] }>(
    "merlin/strobe.jsonl",
  );
  for (const row of strobes) {
    test(`strobe ${row.name}`, () => {
      const strobe = Strobe128.create(hexToBytes(row.protocol_label));
      for (const operation of row.operations) {
        switch (operation.op) {
          case "meta_ad":
            strobe.metaAd(hexToBytes(operation.data), operation.more);
            break;
          case "ad":
            strobe.ad(hexToBytes(operation.data), operation.more);
            break;
          case "key":
            strobe.key(hexToBytes(operation.data), operation.more);
            break;
          case "prf":
            expect(bytesToHex(strobe.prf(operation.length, operation.more))).toBe(operation.output);
        }
      }
    });
  }
});
