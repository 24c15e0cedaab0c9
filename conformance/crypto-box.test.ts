import {
  bytesToHex,
  concat,
  cryptoBoxDecrypt,
  cryptoBoxEncrypt,
  cryptoBoxOpen,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface BoxRow {
  name: string;
  recipient_private_key: string;
  recipient_public_key: string;
  ephemeral_private_key: string | null;
  plaintext: string | null;
  ciphertext: string;
  decrypts: boolean;
}

interface HintRow {
  name: string;
  fog_private_key: string;
  fog_public_key: string;
  ephemeral_private_key: string;
  view_public_key: string | null;
  e_fog_hint: string;
  valid: boolean;
}

/** A source whose first scalar is the given one: 64 bytes, below the group order. */
function scalarSource(privateKey: string): (length: number) => Uint8Array {
  return (length) => {
    expect(length).toBe(64);
    return concat(hexToBytes(privateKey), new Uint8Array(32));
  };
}

function scalarOf(hex: string): Scalar {
  return Scalar.fromBytes(hexToBytes(hex));
}

describeVectors("crypto_box", () => {
  for (const row of loadVectors<BoxRow>("crypto_box/boxes.jsonl")) {
    test(row.name, () => {
      const privateKey = scalarOf(row.recipient_private_key);
      expect(bytesToHex(Point.multiplyBase(privateKey).encode())).toBe(row.recipient_public_key);
      const ciphertext = hexToBytes(row.ciphertext);
      if (!row.decrypts) {
        expect(() => cryptoBoxOpen(privateKey, ciphertext)).toThrow();
        return;
      }
      expect(cryptoBoxDecrypt(privateKey, ciphertext)).toEqual({
        authentic: true,
        plaintext: hexToBytes(row.plaintext!),
      });
      const sealed = cryptoBoxEncrypt(
        Point.decode(hexToBytes(row.recipient_public_key)),
        hexToBytes(row.plaintext!),
        scalarSource(row.ephemeral_private_key!),
      );
      expect(bytesToHex(sealed)).toBe(row.ciphertext);
    });
  }

  for (const row of loadVectors<HintRow>("crypto_box/fog_hints.jsonl")) {
    test(`hint ${row.name}`, () => {
      const privateKey = scalarOf(row.fog_private_key);
      expect(bytesToHex(Point.multiplyBase(privateKey).encode())).toBe(row.fog_public_key);
      const hint = cryptoBoxOpen(privateKey, hexToBytes(row.e_fog_hint));
      expect(hint.length).toBe(34);
      // A hint is a view public key and two bytes 2a.
      expect(bytesToHex(hint.subarray(32)) === "2a2a").toBe(row.valid);
      if (row.valid) expect(bytesToHex(hint.subarray(0, 32))).toBe(row.view_public_key);
      const sealed = cryptoBoxEncrypt(
        Point.decode(hexToBytes(row.fog_public_key)),
        hint,
        scalarSource(row.ephemeral_private_key),
      );
      expect(bytesToHex(sealed)).toBe(row.e_fog_hint);
    });
  }
});
