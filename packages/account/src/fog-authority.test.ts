import { Point, Scalar } from "@mobilecoin-ts/curve";
import { expect, test } from "vitest";
import { signFogAuthority, verifyFogAuthority } from "./fog-authority.ts";

const spki = new Uint8Array(40).fill(0x30);
const privateKey = Scalar.fromBigInt(77n);
const viewPublicKey = Point.multiplyBase(privateKey).encode();
const signature = signFogAuthority(privateKey, spki);

function refusal(fogAuthoritySig: Uint8Array, authority: Uint8Array, code: string): void {
  expect(() => verifyFogAuthority({ viewPublicKey, fogAuthoritySig }, authority)).toThrow(
    expect.objectContaining({ code }),
  );
}

test("an address vouches for its own authority", () => {
  expect(() => verifyFogAuthority({ viewPublicKey, fogAuthoritySig: signature }, spki)).not.toThrow();
});

test("each way of failing has its name", () => {
  refusal(new Uint8Array(0), spki, "NoSignature");
  refusal(signature.slice(1), spki, "SignatureParse");
  const unmarked = signature.slice();
  unmarked[63]! &= 0x7f;
  refusal(unmarked, spki, "SignatureParse");
  refusal(signature, spki.slice(1), "Authority");
  refusal(signFogAuthority(Scalar.ONE, spki), spki, "Authority");
});
