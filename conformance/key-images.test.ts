import { bytesToHex, hexToBytes, onetimeHashToPoint } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { keyImageOf } from "../packages/transaction/src/proofs/key-image.ts";
import { describeVectors, loadVectors } from "./vectors.ts";

interface KeyImageRow {
  readonly name: string;
  readonly onetime_private_key: string;
  readonly onetime_public_key: string;
  readonly hash_to_point: string;
  readonly key_image: string;
}

describeVectors("key_images", () => {
  test.each(loadVectors<KeyImageRow>("key_images/key_images.jsonl"))("$name", (row) => {
    const privateKey = Scalar.fromBytes(hexToBytes(row.onetime_private_key));
    const publicKey = Point.multiplyBase(privateKey).encode();
    expect(bytesToHex(publicKey)).toBe(row.onetime_public_key);
    expect(bytesToHex(onetimeHashToPoint(publicKey).encode())).toBe(row.hash_to_point);
    expect(bytesToHex(keyImageOf(privateKey))).toBe(row.key_image);
  });
});
