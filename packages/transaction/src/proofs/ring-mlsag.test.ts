import { digest32, Transcript } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { ringMLSAGDigestible } from "./ring-mlsag.ts";

test("is hashed as the protocol lists its fields (02 section 2.9.1)", () => {
  const [cZero, first, second, keyImage] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const transcript = new Transcript("digestible");
  transcript.append("ctx", "agg");
  transcript.append("name", "RingMLSAG");
  transcript.append("c_zero", "prim");
  transcript.append("scalar", cZero);
  transcript.append("responses", "seq");
  transcript.appendU64("len", 2n);
  for (const response of [first, second]) {
    transcript.append("", "prim");
    transcript.append("scalar", response);
  }
  transcript.append("key_image", "prim");
  transcript.append("ristretto", keyImage);
  transcript.append("ctx", "agg-end");
  transcript.append("name", "RingMLSAG");
  const signature = { cZero, responses: [first, second], keyImage };
  expect(digest32("ctx", ringMLSAGDigestible, signature)).toEqual(transcript.challenge("digest32", 32));
});
