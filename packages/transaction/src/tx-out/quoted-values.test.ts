import { bytesToHex, hexToBytes, onetimeHashToScalar } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import { describe, expect, test } from "vitest";
import { confirmationNumber, validateConfirmationNumber } from "./confirmation-number.ts";
import {
  amountMasks,
  amountSharedSecret,
  type MaskedAmount,
  reconstructMaskedAmount,
  recoverAmount,
  recoverAmountWithAmountSharedSecret,
} from "./masked-amount.ts";
import { recoverSharedSecret } from "./onetime-keys.ts";

/** Values quoted in 02 section 5.1. */
describe("main-network output", () => {
  const viewPrivateKey = Scalar.fromBytes(
    hexToBytes("cd96bd47ff3836afe79e3df605eec113458873d89f7f19e508468f0e7dff0a03"),
  );
  const publicKey = hexToBytes("026279e22d00e163a9edd28506dbe778752ed53a5cc5625d5d712b3f371d8f1f");
  const sharedSecret = recoverSharedSecret(viewPrivateKey, Point.decode(publicKey));
  const masked: MaskedAmount = {
    version: 2,
    commitment: hexToBytes("42ff4c72f8b4c02e0ccba20b0197fa19e33522b131c243a7df9660639f1e4949"),
    maskedValue: 9333989940299914976n,
    maskedTokenId: hexToBytes("be23706fb90b5bfb"),
  };

  test("shared secret and its hash", () => {
    expect(bytesToHex(sharedSecret)).toBe("2a66952de8e18efb038d27fb8bb2e9be45fdcbe7f98174642774c6f1f609fb47");
    expect(bytesToHex(onetimeHashToScalar(sharedSecret).toBytes())).toBe(
      "2b5e5a22592fbd3bef1f8659ce0e913d258793bd35afaa72473581655b72e30d",
    );
  });

  test("amount shared secret and masks", () => {
    expect(bytesToHex(amountSharedSecret(sharedSecret))).toBe(
      "05ea772dc9a235529f2d1d23f65601171dd1770529a4d16d77ace2f332c208df",
    );
    const masks = amountMasks(2, sharedSecret);
    expect(masks.valueMask()).toBe(0x8188fe65933f94e0n);
    expect(masks.tokenIdMask()).toBe(0xfb5b0bb96f7023ben);
    expect(bytesToHex(masks.blinding().toBytes())).toBe(
      "a99599de27e259bb61a3f86fb51f495b3aee2229f3621e345a0f98940bc5620c",
    );
  });

  test("amount, by either secret", () => {
    expect(recoverAmount(masked, sharedSecret)).toMatchObject({ value: 1_000_000_000n, tokenId: 0n });
    expect(recoverAmountWithAmountSharedSecret(masked, amountSharedSecret(sharedSecret))).toMatchObject({
      value: 1_000_000_000n,
      tokenId: 0n,
    });
  });

  test("confirmation number", () => {
    const number = confirmationNumber(sharedSecret);
    expect(bytesToHex(number)).toBe("765937eb8b62157a09d4bb104932593d4dad41d9183da6f7d10c80196d98aff8");
    expect(validateConfirmationNumber(number, publicKey, viewPrivateKey)).toBe(true);
    expect(validateConfirmationNumber(number, publicKey, Scalar.ONE)).toBe(false);
  });
});

test("version 1 amount of the first correct TxOut record", () => {
  const sharedSecret = recoverSharedSecret(
    Scalar.fromBytes(hexToBytes("c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09")),
    Point.decode(hexToBytes("febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603")),
  );
  expect(bytesToHex(sharedSecret)).toBe("a4915d0f1ce7c8ceecf5d4b96657c2495eceeb5f001757f51b7d5a2f3e12ae36");
  const { maskedAmount, unmasked } = reconstructMaskedAmount(
    { version: 1, maskedValue: 3779311894536034792n, maskedTokenId: hexToBytes("cf29351517665a70") },
    sharedSecret,
  );
  expect(unmasked).toMatchObject({ value: 10n, tokenId: 0n });
  expect(bytesToHex(maskedAmount.commitment)).toBe(
    "f8d1d80bb73745dd7ef9c8966540f9c21b291aff858c1ccc8a11ebb1c82a423e",
  );
});
