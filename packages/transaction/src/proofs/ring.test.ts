import { Point, type RandomBytes, Scalar } from "@mobilecoin-ts/curve";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransactionError } from "../error.ts";
import { keyImageOf } from "./key-image.ts";
import { commit } from "./pedersen.ts";
import { type SignRingOptions, signRing } from "./ring-sign.ts";
import { type VerifyRingOptions, verifyRing } from "./ring-verify.ts";

function seeded(seed: number): RandomBytes {
  let counter = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 64) {
      const block = sha512(concatBytes(new Uint8Array(new Uint32Array([seed, counter++]).buffer)));
      out.set(block.subarray(0, Math.min(64, length - at)), at);
    }
    return out;
  };
}

/** Everything a signer of a ring of `size` knows, made from a seed. */
function signer(seed: number, size: number, realIndex: number, tokenId = 0n): SignRingOptions {
  const random = seeded(seed);
  const onetimePrivateKey = Scalar.random(random);
  const inputBlinding = Scalar.random(random);
  const value = 1_000_000n + BigInt(seed);
  const ring = Array.from({ length: size }, (_, i) => ({
    targetKey: (i === realIndex
      ? Point.multiplyBase(onetimePrivateKey)
      : Point.fromUniformBytes(random(64))
    ).encode(),
    commitment: (i === realIndex
      ? commit(value, inputBlinding, tokenId)
      : Point.fromUniformBytes(random(64))
    ).encode(),
  }));
  return {
    message: random(32),
    ring,
    realIndex,
    onetimePrivateKey,
    value,
    tokenId,
    inputBlinding,
    outputBlinding: Scalar.random(random),
    random,
  };
}

function signed(options: SignRingOptions): VerifyRingOptions {
  return {
    message: options.message,
    ring: options.ring,
    outputCommitment: commit(options.value, options.outputBlinding, options.tokenId).encode(),
    signature: signRing(options),
  };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TransactionError && error.area === "ring-signature") return error.code;
    throw error;
  }
  return "accepted";
}

const verdict = (options: VerifyRingOptions) => codeOf(() => verifyRing(options));

function flip(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[at]! ^= 1 << bit;
  return out;
}

function replaced<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((item, i) => (i === at ? value : item));
}

const NOT_A_POINT = new Uint8Array(32).fill(0xff);
const IDENTITY = new Uint8Array(32);

describe("signRing and verifyRing", () => {
  test.each([
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 1],
    [5, 4],
    [11, 0],
    [11, 7],
  ])("a ring of %i, real member %i, verifies", (size, realIndex) => {
    const options = signer(size * 100 + realIndex, size, realIndex, BigInt(realIndex % 2));
    const proof = signed(options);
    expect(verdict(proof)).toBe("accepted");
    expect(proof.signature.responses).toHaveLength(2 * size);
    expect(proof.signature.keyImage).toEqual(keyImageOf(options.onetimePrivateKey));
  });

  test("messages of any length are signed", () => {
    for (const length of [0, 1, 31, 33, 1000]) {
      const options = { ...signer(length, 2, 1), message: new Uint8Array(length).fill(7) };
      const proof = signed(options);
      expect(verdict(proof)).toBe("accepted");
      expect(verdict({ ...proof, message: new Uint8Array(length + 1).fill(7) })).toBe("InvalidSignature");
    }
  });

  test("the key image tells the key, not the position: it is the same wherever the real member stands", () => {
    const images = [0, 1, 2].map((realIndex) => {
      const options = signer(9, 3, realIndex);
      return signRing(options).keyImage;
    });
    expect(images[1]).toEqual(images[0]);
    expect(images[2]).toEqual(images[0]);
  });

  test("every response is a reduced scalar that differs from run to run, at the real position too", () => {
    const options = signer(3, 3, 1);
    const first = signRing({ ...options, random: seeded(1) });
    const second = signRing({ ...options, random: seeded(2) });
    for (const [i, response] of first.responses.entries()) {
      expect(Scalar.fromBytes(response).toBytes()).toEqual(response);
      expect(response).not.toEqual(second.responses[i]);
    }
  });

  test("a seeded source of randomness makes the same signature again", () => {
    const sign = (seed: number) => signRing({ ...signer(4, 3, 1), random: seeded(seed) });
    expect(sign(1)).toEqual(sign(1));
    expect(sign(2)).not.toEqual(sign(1));
  });

  test("randomness is drawn as the reference draws it: responses in ring order, then the two nonces", () => {
    const options = signer(4, 3, 1);
    const random = seeded(1);
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => Scalar.random(random).toBytes());
    const { responses } = signRing({ ...options, random: seeded(1) });
    expect([responses[0], responses[1], responses[4], responses[5]]).toEqual([first, second, third, fourth]);
  });

  test("a change of any byte of the signature is refused", () => {
    const proof = signed(signer(5, 2, 0));
    const { cZero, responses, keyImage } = proof.signature;
    for (let at = 0; at < 32; at++) {
      const bit = at % 8;
      const bent = [
        { cZero: flip(cZero, at, bit), responses, keyImage },
        { cZero, responses, keyImage: flip(keyImage, at, bit) },
        ...responses.map((response, i) => ({
          cZero,
          responses: replaced(responses, i, flip(response, at, bit)),
          keyImage,
        })),
      ];
      for (const signature of bent) expect(verdict({ ...proof, signature })).not.toBe("accepted");
    }
  });

  test("any ring, position, amount and token verify", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1))),
        fc.nat(),
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        ([size, realIndex], seed, tokenId) => {
          expect(verdict(signed(signer(seed, size, realIndex, tokenId)))).toBe("accepted");
        },
      ),
      { numRuns: 20 },
    );
  });

  test("a change of message, ring or pseudo-output is refused", () => {
    const proof = signed(signer(6, 3, 2));
    const other = Point.BASE.encode();
    expect(verdict({ ...proof, message: flip(proof.message, 0) })).toBe("InvalidSignature");
    expect(verdict({ ...proof, outputCommitment: other })).toBe("InvalidSignature");
    for (let i = 0; i < 3; i++) {
      const { targetKey, commitment } = proof.ring[i]!;
      expect(verdict({ ...proof, ring: replaced(proof.ring, i, { targetKey: other, commitment }) })).toBe(
        "InvalidSignature",
      );
      expect(verdict({ ...proof, ring: replaced(proof.ring, i, { targetKey, commitment: other }) })).toBe(
        "InvalidSignature",
      );
    }
    const swapped = [proof.ring[1]!, proof.ring[0]!, proof.ring[2]!];
    expect(verdict({ ...proof, ring: swapped })).toBe("InvalidSignature");
  });

  test("a key that is not the real member's makes a signature that does not verify", () => {
    expect(verdict(signed({ ...signer(7, 3, 1), onetimePrivateKey: Scalar.ONE }))).toBe("InvalidSignature");
  });

  test("unreduced scalars are accepted, as the reference reduces them on decoding", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const unreduced = (bytes: Uint8Array) => {
      const value = Scalar.fromBytes(bytes).toBigInt() + order;
      return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
    };
    const proof = signed(signer(8, 2, 1));
    const { cZero, responses, keyImage } = proof.signature;
    const signature = { cZero: unreduced(cZero), responses: responses.map(unreduced), keyImage };
    expect(verdict({ ...proof, signature })).toBe("accepted");
  });

  test("the identity is accepted as a ring member, as in the reference", () => {
    const options = signer(12, 3, 1);
    const ring = replaced(options.ring, 0, { targetKey: IDENTITY, commitment: IDENTITY });
    expect(verdict(signed({ ...options, ring }))).toBe("accepted");
  });
});

describe("rejections of verifyRing", () => {
  const proof = signed(signer(20, 3, 1));
  const bendMember = (index: number, part: "targetKey" | "commitment") =>
    replaced(proof.ring, index, { ...proof.ring[index]!, [part]: NOT_A_POINT });

  test("EmptyRing", () => {
    const signature = { ...proof.signature, responses: [] };
    expect(verdict({ ...proof, ring: [], signature })).toBe("EmptyRing");
  });

  test("InvalidCurvePoint names the first bad member, before anything else is looked at", () => {
    for (const part of ["targetKey", "commitment"] as const) {
      for (let index = 0; index < 3; index++) {
        const signature = { cZero: IDENTITY, responses: [], keyImage: NOT_A_POINT };
        const options = { ...proof, ring: bendMember(index, part), outputCommitment: NOT_A_POINT, signature };
        try {
          verifyRing(options);
          expect.unreachable();
        } catch (error) {
          expect(error).toMatchObject({ code: "InvalidCurvePoint", data: { index } });
        }
      }
    }
  });

  test("LengthMismatch, before the key image is looked at", () => {
    for (const responses of [
      [],
      proof.signature.responses.slice(1),
      [...proof.signature.responses, IDENTITY],
    ]) {
      const signature = { ...proof.signature, responses, keyImage: NOT_A_POINT };
      try {
        verifyRing({ ...proof, signature });
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({
          code: "LengthMismatch",
          data: { expected: 6, found: responses.length },
        });
      }
    }
  });

  test("InvalidKeyImage, before the pseudo-output is looked at", () => {
    for (const keyImage of [NOT_A_POINT, new Uint8Array(31), new Uint8Array(0)]) {
      const signature = { ...proof.signature, keyImage };
      expect(verdict({ ...proof, signature, outputCommitment: NOT_A_POINT })).toBe("InvalidKeyImage");
    }
  });

  test("InvalidCurvePoint for the pseudo-output", () => {
    expect(verdict({ ...proof, outputCommitment: NOT_A_POINT })).toBe("InvalidCurvePoint");
    expect(verdict({ ...proof, outputCommitment: new Uint8Array(33) })).toBe("InvalidCurvePoint");
  });

  test("InvalidSignature", () => {
    expect(verdict({ ...proof, signature: { ...proof.signature, cZero: IDENTITY } })).toBe(
      "InvalidSignature",
    );
    expect(verdict({ ...proof, signature: { ...proof.signature, keyImage: IDENTITY } })).toBe(
      "InvalidSignature",
    );
  });
});

describe("rejections of signRing", () => {
  const options = signer(30, 3, 1);
  const rejection = (change: Partial<SignRingOptions>) => codeOf(() => signRing({ ...options, ...change }));

  test("InvalidCurvePoint, before the index is looked at", () => {
    const ring = replaced(options.ring, 2, { ...options.ring[2]!, commitment: NOT_A_POINT });
    expect(rejection({ ring, realIndex: 3 })).toBe("InvalidCurvePoint");
  });

  test("IndexOutOfBounds", () => {
    for (const realIndex of [3, 4, -1, 0.5, Number.NaN])
      expect(rejection({ realIndex })).toBe("IndexOutOfBounds");
    expect(rejection({ ring: [], realIndex: 0 })).toBe("IndexOutOfBounds");
  });

  test("ValueNotConserved, for another value, token or input blinding", () => {
    expect(rejection({ value: options.value + 1n })).toBe("ValueNotConserved");
    expect(rejection({ tokenId: 1n })).toBe("ValueNotConserved");
    expect(rejection({ inputBlinding: Scalar.ONE })).toBe("ValueNotConserved");
    expect(rejection({ realIndex: 0 })).toBe("ValueNotConserved");
  });
});
