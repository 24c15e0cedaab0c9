import { createPublicKey, type KeyObject, verify as opensslVerify } from "node:crypto";
import {
  AttestationError,
  type DcapVerificationOptions,
  type TrustedIdentity,
  verifyDcapQuote,
  verifyIasReport,
} from "@mobilecoin-ts/attestation";
import { hexToBytes, utf8 } from "@mobilecoin-ts/crypto";
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test, vi } from "vitest";
import { collateralOf, type EvidenceCase, identityOf, quoteOf, rootOf } from "./attestation-material.ts";
import { describeVectors, loadVectorJson, loadVectors } from "./vectors.ts";

// Some twenty thousand signatures are computed before the last bit is refused: with OpenSSL, which does it in a tenth of
// the time. Everything else is the verifier's, the reading of signatures too. MOBILECOIN_CORRUPTION=own runs the same
// with the verifier's own arithmetic, in a minute and a half.
vi.mock("../packages/attestation/src/verify/public-key.ts", async (importActual) => {
  const actual = await importActual<typeof import("../packages/attestation/src/verify/public-key.ts")>();
  if (process.env.MOBILECOIN_CORRUPTION === "own") return actual;
  const keys = new Map<string, KeyObject | undefined>();
  const held = new Set<string>();
  const verifyP256: typeof actual.verifyP256 = (point, message, signature) => {
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((c) =>
      Buffer.from(c).toString("base64url"),
    );
    const label = `${x}${y}`;
    if (!keys.has(label)) {
      try {
        keys.set(label, createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x: x!, y: y! } }));
      } catch {
        keys.set(label, undefined);
      }
    }
    const key = keys.get(label);
    if (key === undefined) return false;
    const claim = `${label}${Buffer.from(signature).toString("base64")}${sha256(message).join()}`;
    if (held.has(claim)) return true;
    const holds = opensslVerify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
    if (holds) held.add(claim);
    return holds;
  };
  const verifySignature: typeof actual.verifySignature = (spki, key, algorithm, message, signature) => {
    const isP256 = key.kind === "ec" && key.curve === p256 && key.point.length === 65 && key.point[0] === 4;
    if (!isP256 || algorithm.scheme !== "ecdsa" || algorithm.hash !== "SHA-256") {
      return actual.verifySignature(spki, key, algorithm, message, signature);
    }
    try {
      return verifyP256(key.point, message, p256.Signature.fromBytes(signature, "der").toBytes("compact"));
    } catch {
      return false;
    }
  };
  return { ...actual, verifyP256, verifySignature };
});

const TIME_LIMIT_MS = 300_000;

/** Every single-bit corruption that `verify` lets pass, as `byte.bit`; and how many each refusal met. */
function survivors(bytes: Uint8Array, verify: (corrupted: Uint8Array) => unknown) {
  const accepted: string[] = [];
  const refused = new Map<string, number>();
  const corrupted = bytes.slice();
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      corrupted[i] = bytes[i]! ^ (1 << bit);
      try {
        verify(corrupted);
        accepted.push(`${i}.${bit}`);
      } catch (error) {
        if (!(error instanceof AttestationError)) throw error;
        refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
      }
    }
    corrupted[i] = bytes[i]!;
  }
  return { accepted, refused };
}

describeVectors("single-bit corruption", () => {
  for (const folder of ["sgx", "sgx_simulated"]) {
    const row = loadVectorJson<{ cases: EvidenceCase[] }>(`${folder}/cases.json`).cases[0]!;
    test(`no bit of ${row.quote} can be another`, { timeout: TIME_LIMIT_MS }, () => {
      const collateral = collateralOf(folder, row);
      const options: DcapVerificationOptions = {
        identities: row.trusted_identities.map(identityOf),
        root: rootOf(folder, row),
        time: new Date(row.at),
        crlPolicy: row.enforce_crl_dates ? "enforceDates" : "reference",
      };
      const quote = quoteOf(folder, row);
      verifyDcapQuote(quote, collateral, options);
      const { accepted, refused } = survivors(quote, (bytes) => verifyDcapQuote(bytes, collateral, options));
      expect(accepted).toEqual([]);
      expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(8 * quote.length);
      // Refused on many grounds, the signatures among them.
      expect([...refused.keys()]).toEqual(expect.arrayContaining(["SignatureVerification", "NotCanonical"]));
    });
  }

  for (const row of loadVectors<{
    name: string;
    signature: string;
    chain: string[];
    http_body: string;
    mr_enclave: string;
    advisory_ids: string[];
    signature_valid: boolean;
  }>("ias/verification_reports.jsonl").filter((report) => report.signature_valid)) {
    test(`no bit of report ${row.name} can be another`, { timeout: TIME_LIMIT_MS }, () => {
      const identity: TrustedIdentity = {
        kind: "mrEnclave",
        mrEnclave: hexToBytes(row.mr_enclave),
        configAdvisories: [],
        hardeningAdvisories: row.advisory_ids,
      };
      const report = {
        signature: hexToBytes(row.signature),
        chain: row.chain.map(hexToBytes),
        httpBody: row.http_body,
      };
      const options = { identities: [identity], allowDebug: true };
      verifyIasReport(report, options);
      const inBody = survivors(utf8(row.http_body), (bytes) =>
        // Bytes that are no UTF-8 read as another text.
        verifyIasReport({ ...report, httpBody: new TextDecoder().decode(bytes) }, options),
      );
      expect(inBody.accepted).toEqual([]);
      const inSignature = survivors(report.signature, (signature) =>
        verifyIasReport({ ...report, signature }, options),
      );
      expect(inSignature.accepted).toEqual([]);
    });
  }
});
