import { digest32, Transcript } from "@mobilecoin-ts/crypto";
import { Scalar } from "@mobilecoin-ts/curve";
import { WireError } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { ringMLSAGDigestible } from "./ring-mlsag.ts";
import { ringMLSAGCodec } from "./ring-mlsag-codec.ts";

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

test("is encoded with every wrapper written, and comes back the same", () => {
  const [cZero, first, second, keyImage] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const signature = { cZero, responses: [first, second], keyImage };
  const encoded = ringMLSAGCodec.encode(signature);
  const wrapped = (tag: number, bytes: Uint8Array) => [tag * 8 + 2, 34, 10, 32, ...bytes];
  expect([...encoded]).toEqual([
    ...wrapped(1, cZero),
    ...wrapped(2, first),
    ...wrapped(2, second),
    ...wrapped(3, keyImage),
  ]);
  expect(ringMLSAGCodec.decode(encoded)).toEqual(signature);
});

test("unreduced scalars are reduced on decoding, other lengths refused, absent fields zero", () => {
  const bytes = new Uint8Array([10, 34, 10, 32, ...new Uint8Array(32).fill(0xff)]);
  const { cZero, responses, keyImage } = ringMLSAGCodec.decode(bytes);
  expect(cZero).toEqual(Scalar.fromBytesModOrder(new Uint8Array(32).fill(0xff)).toBytes());
  expect(responses).toEqual([]);
  expect(keyImage).toEqual(new Uint8Array(32));
  expect(ringMLSAGCodec.decode(new Uint8Array([10, 0])).cZero).toEqual(new Uint8Array(32));
  for (const tag of [1, 2, 3]) {
    const short = new Uint8Array([tag * 8 + 2, 33, 10, 31, ...new Uint8Array(31)]);
    expect(() => ringMLSAGCodec.decode(short)).toThrow(WireError);
  }
});
