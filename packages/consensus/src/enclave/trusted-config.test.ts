import { bytesToHex, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { blockVersion, DEFAULT_FEE_MAP, DEFAULT_MINIMUM_FEE } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import {
  blockchainConfigDigest,
  signGovernors,
  TEST_MINTING_TRUST_ROOT_SEED,
} from "../config/blockchain-config.ts";
import type { EnclaveInit } from "../enclave-api/index.ts";
import { DEFAULT_FEE_RECIPIENT, trustConfig } from "./trusted-config.ts";

const seed = new Uint8Array(32).fill(5);
const governors = new Map([
  [1n, { individualSigners: [ed25519PublicKey(seed)], multiSigners: [], threshold: 1 }],
]);
const init: EnclaveInit = {
  peerResponderId: "node:1",
  clientResponderId: "node:2",
  config: { fees: DEFAULT_FEE_MAP, governors: new Map(), blockVersion: blockVersion(4) },
};
const suffix = (changed: Partial<EnclaveInit>) => trustConfig({ ...init, ...changed }).peerIdSuffix;

describe("the suffix of responder ids", () => {
  test("is the configuration's digest", () => {
    expect(suffix({})).toBe(`-${bytesToHex(blockchainConfigDigest(init.config))}`);
    expect(suffix({})).toBe("-63aef3b4f46c28c31a06211cd05e673b0717e9414d652b47d5ce50499764443e");
    expect(suffix({ feeRecipient: { ...DEFAULT_FEE_RECIPIENT } })).toBe(suffix({}));
  });

  test("differs with fees, governors, block version, fee recipient and trust root", () => {
    const mintingTrustRoot = ed25519PublicKey(seed);
    const { spendPublicKey, viewPublicKey } = DEFAULT_FEE_RECIPIENT;
    const signed = { ...init.config, governors };
    const suffixes = [
      suffix({}),
      suffix({ config: { ...init.config, fees: new Map([[0n, 2n * DEFAULT_MINIMUM_FEE]]) } }),
      suffix({ config: { ...init.config, blockVersion: blockVersion(3) } }),
      suffix({
        config: { ...signed, governorsSignature: signGovernors(governors, TEST_MINTING_TRUST_ROOT_SEED) },
      }),
      suffix({ feeRecipient: { spendPublicKey: viewPublicKey, viewPublicKey: spendPublicKey } }),
      suffix({ mintingTrustRoot }),
    ];
    expect(new Set(suffixes).size).toBe(suffixes.length);
  });
});

describe("a configuration is refused", () => {
  const withConfig = (config: Partial<EnclaveInit["config"]>) => ({ config: { ...init.config, ...config } });
  test.each<[string, Partial<EnclaveInit>, string]>([
    ["with a fee below 128", withConfig({ fees: new Map([[0n, 127n]]) }), "InvalidFeeTooSmall"],
    ["with a fee that is no multiple", withConfig({ fees: new Map([[0n, 129n]]) }), "InvalidFeeNotDivisible"],
    ["without a fee of token 0", withConfig({ fees: new Map([[1n, 128n]]) }), "MissingFee"],
    ["without a signature of the governors", withConfig({ governors }), "MissingGovernorsSignature"],
    [
      "with a signature by somebody",
      withConfig({ governors, governorsSignature: signGovernors(governors, seed) }),
      "InvalidGovernorsSignature",
    ],
    [
      "with a fee recipient that is none",
      { feeRecipient: { ...DEFAULT_FEE_RECIPIENT, viewPublicKey: new Uint8Array(32).fill(255) } },
      "FeePublicAddress",
    ],
    [
      "with a trust root that is none",
      { mintingTrustRoot: new Uint8Array(31) },
      "ParseMintingTrustRootPublicKey",
    ],
  ])("%s", (_, changed, code) => {
    expect(() => trustConfig({ ...init, ...changed })).toThrow(expect.objectContaining({ code }));
  });

  test("but not with governors under the trust root that is named", () => {
    const config = { ...init.config, governors, governorsSignature: signGovernors(governors, seed) };
    const mintingTrustRoot = ed25519PublicKey(seed);
    expect(trustConfig({ ...init, config, mintingTrustRoot }).mintingTrustRoot).toEqual(mintingTrustRoot);
  });
});
