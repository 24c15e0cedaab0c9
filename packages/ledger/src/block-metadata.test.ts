import { bytesToHex, ed25519PublicKey, hexToBytes } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import type { AttestationEvidence } from "./attestation-evidence.ts";
import {
  type BlockMetadataContents,
  blockMetadataCodec,
  blockMetadataDigest,
  isBlockMetadataSignatureValid,
  requireBlockMetadata,
  signBlockMetadata,
} from "./block-metadata.ts";

const SEED = hexToBytes("0cc80c7a7642d23879bb20083c13c939c6b7f191b57a689a1e61b7d9e5fb676f");
const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);

const report: AttestationEvidence = {
  case: "verificationReport",
  value: {
    signature: hexToBytes("0102"),
    chain: [hexToBytes("0a0b"), new Uint8Array(0)],
    httpBody: "testing",
  },
};

const dcap: AttestationEvidence = {
  case: "dcapEvidence",
  value: {
    quote: hexToBytes("646464"),
    collateral: {
      pckCrlIssuerChain: [Uint8Array.of(1)],
      rootCaCrl: Uint8Array.of(2),
      pckCrl: Uint8Array.of(3),
      tcbInfoIssuerChain: [Uint8Array.of(4)],
      tcbInfo: "5",
      qeIdentityIssuerChain: [Uint8Array.of(6)],
      qeIdentity: "7",
    },
    reportData: { nonce: fill(16, 0x19), key: fill(32, 0x51), customIdentity: fill(32, 0x33) },
  },
};

const contentsWith = (attestationEvidence: AttestationEvidence | undefined): BlockMetadataContents => ({
  blockId: fill(32, 1),
  quorumSet: {
    threshold: 1,
    members: [
      {
        kind: "node",
        node: {
          responderId: "node2.test.com:8443",
          publicKey: hexToBytes("f42e79277504bd2bbf2f82201fa2cf4398315035256c404ce4c97d14eed055ab"),
        },
      },
    ],
  },
  attestationEvidence,
  responderId: "node1.test.com:8443",
});

// 03 section 5.3: digest, signature, then length and SHA-256 of the wire and of the store form.
const KNOWN = [
  {
    kind: "verification report",
    evidence: report,
    digest: "dee8eb47677edf165b021c8ec5260e6465f26b30d93816ed8f8759fe2c9ffba0",
    signature:
      "df3a37c8a7695d295e9d09da379a9d02ed0961b3ce1e10436970db4bc9282f48f184cf61aa9864d9ea86b198a390265e442c042e751550069600750c9436ff09",
    wire: [252, "b9ba44d565109029f585ab1e67e37496c0e7554dac7e454f41545e88f7bd423f"],
    store: [256, "4fba9c546d8ce0e6eb9ab808b9898a3a7b8e5a67312cbe41e10181106685f539"],
  },
  {
    kind: "DCAP evidence",
    evidence: dcap,
    digest: "dea993214cb42b690ea3e0e7e68a0aeeaefa67e0289eb11737259d4e6f74b06d",
    signature:
      "6cfbea1e62626ce908912819f09b8354652c76bc0c1833c8b6a33a157f7f621d04e4a8336f5466f171e5bac66b440c014c91624518c08c8b9955309b18058103",
    wire: [349, "027bcedd1dc98672ad3e1466df97bdba8fdf3ab3ccfed2b4fc38d284c6dfe9e0"],
    store: [353, "9048d53d6f81c55aaa79a0992d05bfea38d9ea96172102479342ed3fd98f59fc"],
  },
] as const;

describe("block metadata", () => {
  test.each(KNOWN)("has the known digest, signature and bytes with a $kind", (known) => {
    const metadata = signBlockMetadata(contentsWith(known.evidence), SEED);
    expect(bytesToHex(blockMetadataDigest(metadata.contents))).toBe(known.digest);
    expect(bytesToHex(metadata.signature)).toBe(known.signature);
    expect(metadata.nodeKey).toEqual(ed25519PublicKey(SEED));
    for (const form of ["wire", "store"] as const) {
      const bytes = blockMetadataCodec.encode(metadata, form);
      expect([bytes.length, bytesToHex(sha256(bytes))]).toEqual(known[form]);
      expect(blockMetadataCodec.decode(bytes, { form })).toEqual(metadata);
    }
    expect(() => requireBlockMetadata(metadata)).not.toThrow();
  });

  const valid = contentsWith(report);
  test.each([
    [
      "a threshold above the members",
      { ...valid, quorumSet: { ...valid.quorumSet, threshold: 2 } },
      "ArrayCastError",
    ],
    [
      "a member without a value",
      { ...valid, quorumSet: { threshold: 0, members: [undefined] } },
      "ArrayCastError",
    ],
    ["no evidence", { ...valid, attestationEvidence: undefined }, "MissingField"],
    ["a responder id without a port", { ...valid, responderId: "node1" }, "InvalidContents"],
  ])("is refused with %s", (_, contents, code) => {
    expect(() => requireBlockMetadata(signBlockMetadata(contents, SEED))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test("is refused when anything changes after signing", () => {
    const metadata = signBlockMetadata(valid, SEED);
    const changed = { ...metadata, contents: { ...valid, blockId: fill(32, 2) } };
    expect(isBlockMetadataSignatureValid(changed)).toBe(false);
    expect(() => requireBlockMetadata(changed)).toThrow(
      expect.objectContaining({ code: "InvalidSignature" }),
    );
  });
});
