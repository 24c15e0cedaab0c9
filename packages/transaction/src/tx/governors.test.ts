import {
  bytesToHex,
  ed25519PublicKey,
  type SignerSet,
  signerSetDigestible,
  Transcript,
  u64le,
  utf8,
} from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { governorsMapDigest } from "./governors.ts";

const governors = (seed: number): SignerSet => ({
  individualSigners: [ed25519PublicKey(new Uint8Array(32).fill(seed))],
  multiSigners: [],
  threshold: 1,
});

/** The digest written out by hand for governors in this order. */
function digestInOrder(entries: readonly (readonly [bigint, SignerSet])[]): string {
  const transcript = new Transcript("digestible");
  const prim = (context: string, type: string, data: Uint8Array): void => {
    transcript.append(context, utf8("prim"));
    transcript.append(type, data);
  };
  const within = (context: string, name: string, write: () => void): void => {
    transcript.append(context, utf8("agg"));
    transcript.append("name", utf8(name));
    write();
    transcript.append(context, utf8("agg-end"));
    transcript.append("name", utf8(name));
  };
  within("Governors map signature", "GovernorsMap", () => {
    transcript.append("map", utf8("seq"));
    transcript.append("len", u64le(BigInt(entries.length)));
    for (const [tokenId, signerSet] of entries) {
      within("", "Tuple", () => {
        within("0", "TokenId", () => prim("0", "uint", u64le(tokenId)));
        signerSetDigestible.full(transcript, "1", signerSet);
      });
    }
  });
  return bytesToHex(transcript.challenge("digest32", 32));
}

test("governors are hashed by ascending token id, as a number, in whatever order they were set", () => {
  const entries = [
    [2n, governors(2)],
    [10n, governors(1)],
  ] as const;
  const expected = digestInOrder(entries);
  expect(bytesToHex(governorsMapDigest(new Map(entries)))).toBe(expected);
  expect(bytesToHex(governorsMapDigest(new Map([...entries].reverse())))).toBe(expected);
});
