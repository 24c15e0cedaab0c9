import { bytesToHex, ed25519PublicKey, ed25519Sign, hexToBytes, type SignerSet } from "@mobilecoin-ts/crypto";
import { type BlockVersion, blockVersion, governorsMapDigest } from "@mobilecoin-ts/transaction";
import { describe, expect, it } from "vitest";
import {
  type BlockchainConfig,
  blockchainConfigDigest,
  DEFAULT_MINTING_TRUST_ROOT,
  signGovernors,
  TEST_MINTING_TRUST_ROOT_SEED,
  validateBlockchainConfig,
  verifyGovernorsSignature,
} from "./blockchain-config.ts";

const key = (fill: number) => ed25519PublicKey(new Uint8Array(32).fill(fill));
const one: SignerSet = { individualSigners: [key(1)], multiSigners: [], threshold: 1 };
const nested: SignerSet = { individualSigners: [], multiSigners: [one], threshold: 1 };
const V2: BlockVersion = blockVersion(2);
const V3: BlockVersion = blockVersion(3);

function config(overrides: Partial<BlockchainConfig> = {}): BlockchainConfig {
  const governors = overrides.governors ?? new Map();
  return {
    fees: new Map([[0n, 400_000_000n]]),
    governors,
    ...(governors.size === 0
      ? {}
      : { governorsSignature: signGovernors(governors, TEST_MINTING_TRUST_ROOT_SEED) }),
    blockVersion: V3,
    ...overrides,
  };
}

const refusal = (code: string) => expect.objectContaining({ code });

describe("validateBlockchainConfig", () => {
  it("takes a network with governors, signed by the default trust root", () => {
    expect(bytesToHex(ed25519PublicKey(TEST_MINTING_TRUST_ROOT_SEED))).toBe(
      bytesToHex(DEFAULT_MINTING_TRUST_ROOT),
    );
    expect(() => validateBlockchainConfig(config())).not.toThrow();
    expect(() => validateBlockchainConfig(config({ governors: new Map([[1n, nested]]) }))).not.toThrow();
  });

  it.each<[string, Partial<BlockchainConfig>, string]>([
    ["fees below 128", { fees: new Map([[0n, 127n]]) }, "InvalidFeeTooSmall"],
    ["fees that 128 does not divide", { fees: new Map([[0n, 129n]]) }, "InvalidFeeNotDivisible"],
    ["no fee for token 0", { fees: new Map([[1n, 128n]]) }, "MissingFee"],
    ["governors of token 0", { governors: new Map([[0n, one]]) }, "MobTokenNotAllowed"],
    [
      "governors that nobody can be",
      { governors: new Map([[1n, { ...one, threshold: 2 }]]) },
      "InvalidSignerSet",
    ],
    [
      "governors nobody signed",
      { governors: new Map([[1n, one]]), governorsSignature: undefined },
      "MissingGovernorsSignature",
    ],
    [
      "a signature of other governors",
      {
        governors: new Map([[1n, one]]),
        governorsSignature: signGovernors(new Map([[2n, one]]), TEST_MINTING_TRUST_ROOT_SEED),
      },
      "InvalidGovernorsSignature",
    ],
    [
      "nested governors before block version 3",
      { governors: new Map([[1n, nested]]), blockVersion: V2 },
      "NestedMultiSigGovernorsNotSupported",
    ],
  ])("refuses %s", (_, overrides, code) => {
    expect(() => validateBlockchainConfig(config(overrides))).toThrow(refusal(code));
  });

  it("holds the signature against the trust root it is given", () => {
    const seed = new Uint8Array(32).fill(9);
    const governors = new Map([[1n, one]]);
    const signed = config({
      governors,
      governorsSignature: ed25519Sign(seed, governorsMapDigest(governors)),
    });
    expect(() => validateBlockchainConfig(signed, ed25519PublicKey(seed))).not.toThrow();
    expect(() => validateBlockchainConfig(signed)).toThrow(refusal("InvalidGovernorsSignature"));
  });
});

describe("signGovernors", () => {
  // 04 section 5, from the reference's tests.
  it("makes the reference's signature", () => {
    const spki = (tail: string) =>
      Uint8Array.from(atob(`MCowBQYDK2VwAyEA${tail}`), (character) => character.charCodeAt(0)).slice(-32);
    const [k1, k2, k3] = [
      "yj6m0NRTlw/R28Q+R7vBakwybuaNFneKrvRVAYNp5WQ=",
      "l3XVo/DeiTjHn8dYQuEtBjQrEWNQSKpfzw3X9dewSVY=",
      "mMQUAJgqpOc0Z7NAwa+4JqAh+DCVB0TQy9zj+8xRRDc=",
    ].map(spki) as [Uint8Array, Uint8Array, Uint8Array];
    const governors: SignerSet = {
      individualSigners: [k1, k2],
      multiSigners: [{ individualSigners: [k1, k2, k3], multiSigners: [], threshold: 2 }],
      threshold: 1,
    };
    const der = Uint8Array.from(
      atob("MC4CAQAwBQYDK2VwBCIEIC4Z5GeRSzvx61R4ydQK/1bOGLLDGptNwsEnzaMTV9KI"),
      (character) => character.charCodeAt(0),
    );
    const seed = der.slice(-32);
    const signature = signGovernors(new Map([[1n, governors]]), seed);
    expect(bytesToHex(signature)).toBe(
      "03e9e3e55724057a9e8e94dbfd1f166ea2c033aa53f5cf48942e103cde62c56655234cac2f5bffcbf9bdfb4e68ab6a2f23138accbc914e3c569838f9de058e0c",
    );
    const root = ed25519PublicKey(seed);
    expect(verifyGovernorsSignature(new Map([[1n, governors]]), signature, root)).toBe(true);
    expect(verifyGovernorsSignature(new Map([[10n, governors]]), signature, root)).toBe(false);
  });
});

describe("blockchainConfigDigest", () => {
  it("depends on every part, and not on the order of tokens", () => {
    const governors = new Map([
      [1n, one],
      [2n, nested],
    ]);
    const base = config({ governors });
    const others = [
      config(),
      config({ governors, blockVersion: V2 }),
      config({ governors, fees: new Map([[0n, 512n]]) }),
      config({ governors: new Map([[1n, one]]) }),
      { ...base, governorsSignature: hexToBytes("00".repeat(64)) },
      { ...base, governorsSignature: undefined },
    ];
    const digests = [base, ...others].map((any) => bytesToHex(blockchainConfigDigest(any)));
    expect(new Set(digests).size).toBe(digests.length);
    const turned = { ...base, governors: new Map([...governors].reverse()) };
    expect(bytesToHex(blockchainConfigDigest(turned))).toBe(digests[0]);
  });
});
