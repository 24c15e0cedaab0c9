import {
  AttestationError,
  INTEL_SGX_ROOT,
  isDebug,
  parseCertificate,
  parseQeIdentity,
  parseQuote,
  parseRevocationList,
  parseSignedJson,
  parseTcbInfo,
  pckChainOf,
  platformTcbOf,
  qeLevelOf,
  type ReportBody,
  reportDataHash,
  requireSignedJson,
  tcbLevelOf,
  verifyChain,
  verifyDcapQuote,
} from "@mobilecoin-ts/attestation";
import { bytesToHex, hexToBytes, u64le } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import {
  CODES_OF_REASONS,
  collateralOf,
  type EvidenceCase,
  identityOf,
  quoteOf,
  readPemCertificate,
  rootOf,
} from "./attestation-material.ts";
import { describeVectors, loadVectorJson, loadVectors, readVectorBytes, readVectorText } from "./vectors.ts";

interface ReportFields {
  cpu_svn: string;
  misc_select: number;
  attribute_flags: string;
  attribute_xfrm: string;
  mr_enclave: string;
  mr_signer: string;
  isv_prod_id: number;
  isv_svn: number;
  report_data: string;
}

interface QuoteRow {
  name: string;
  file: string;
  byte_length: number;
  version: number;
  attestation_key_type: number;
  qe_svn: number;
  pce_svn: number;
  qe_vendor_id: string;
  user_data: string;
  app_report: ReportFields;
  signature_data_length: number;
  trailing_bytes: number;
  isv_signature: string;
  attestation_key: string;
  qe_report: ReportFields;
  qe_report_signature: string;
  qe_auth_data: string;
  certification_data_type: number;
  certificate_count: number;
  fmspc: string;
  pce_id: string;
  tcb_component_svns: number[];
  tcb_pce_svn: number;
  leaf_not_before: string;
  leaf_not_after: string;
  debug: boolean;
  all_signatures_valid: boolean;
  chain_ends_in_pinned_root: boolean;
}

interface CollateralRow {
  name: string;
  file: string;
  member: "tcbInfo" | "enclaveIdentity";
  signature_valid_over_raw_member: boolean;
  id: string;
  version: number;
  issue_date: string;
  next_update: string;
  fmspc?: string;
  level_count?: number;
  level_index_for_production_quote?: number;
  level_status?: string;
  level_advisory_ids?: string[];
  level_isv_svns?: number[];
  level_status_for_production_quote?: string;
}

interface PkitsCase {
  name: string;
  trust_anchor: string;
  chain: string[];
  crls: string[];
  accept: boolean;
  reasons: string[];
}

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    expect(error.message).toBe(`${error.data.step}: found ${error.data.found}, wanted ${error.data.wanted}`);
    expect(error.message).not.toContain("\n");
    return error.code;
  }
};

const fieldsOf = (body: ReportBody): ReportFields => ({
  cpu_svn: bytesToHex(body.cpuSvn),
  misc_select: body.miscSelect,
  attribute_flags: bytesToHex(u64le(body.attributesFlags)),
  attribute_xfrm: bytesToHex(u64le(body.xfrm)),
  mr_enclave: bytesToHex(body.mrEnclave),
  mr_signer: bytesToHex(body.mrSigner),
  isv_prod_id: body.isvProdId,
  isv_svn: body.isvSvn,
  report_data: bytesToHex(body.reportData),
});

const holds = (act: () => unknown) => codeOf(act) === undefined;
const cases = () => loadVectorJson<{ cases: EvidenceCase[] }>("sgx/cases.json").cases;
const statementTime = (time: Date) => time.toISOString().replace(".000Z", "Z");

describeVectors("sgx", () => {
  for (const row of cases()) {
    // In the reference's mode a case fails on the grounds that the vectors know; strictly it may fail sooner.
    for (const strict of [false, true]) {
      test(`${row.name}${strict ? ", strictly" : ""}`, () => {
        const code = codeOf(() =>
          verifyDcapQuote(quoteOf("sgx", row), collateralOf("sgx", row), {
            identities: row.trusted_identities.map(identityOf),
            root: rootOf("sgx", row),
            time: new Date(row.at),
            crlPolicy: row.enforce_crl_dates ? "enforceDates" : "reference",
            strict,
          }),
        );
        expect(code === undefined).toBe(row.accept);
        if (code !== undefined && !strict) {
          expect(row.reasons.flatMap((reason) => CODES_OF_REASONS[reason]!)).toContain(code);
        }
      });
    }
  }

  for (const row of loadVectors<QuoteRow>("sgx/quote_fields.jsonl")) {
    test(`fields of ${row.name}`, () => {
      const bytes = readVectorBytes(`sgx/${row.file}`);
      const quote = parseQuote(bytes);
      const chain = pckChainOf(quote, true);
      const platform = platformTcbOf(chain[0]!);
      const production = cases()[0]!;
      const verified = () =>
        verifyDcapQuote(bytes, collateralOf("sgx", production), {
          identities: production.trusted_identities.map(identityOf),
          root: INTEL_SGX_ROOT,
        });
      expect({
        name: row.name,
        file: row.file,
        byte_length: bytes.length,
        version: quote.version,
        attestation_key_type: quote.attestationKeyType,
        qe_svn: quote.qeSvn,
        pce_svn: quote.pceSvn,
        qe_vendor_id: bytesToHex(quote.qeVendorId),
        user_data: bytesToHex(quote.userData),
        app_report: fieldsOf(quote.reportBody),
        signature_data_length: quote.signatureDataLength,
        trailing_bytes: quote.trailingBytes,
        isv_signature: bytesToHex(quote.signature),
        attestation_key: bytesToHex(quote.attestationKey),
        qe_report: fieldsOf(quote.qeReportBody),
        qe_report_signature: bytesToHex(quote.qeReportSignature),
        qe_auth_data: bytesToHex(quote.authData),
        certification_data_type: quote.certificationDataType,
        certificate_count: chain.length,
        fmspc: bytesToHex(platform.fmspc),
        pce_id: bytesToHex(platform.pceId!),
        tcb_component_svns: platform.componentSvns,
        tcb_pce_svn: platform.pceSvn,
        leaf_not_before: chain[0]!.notBefore.toISOString(),
        leaf_not_after: chain[0]!.notAfter.toISOString(),
        debug: isDebug(quote.reportBody),
        all_signatures_valid: holds(verified),
        chain_ends_in_pinned_root: bytesToHex(chain.at(-1)!.der) === bytesToHex(INTEL_SGX_ROOT.der),
      }).toEqual(row);
    });
  }

  for (const row of loadVectors<CollateralRow>("sgx/collateral_facts.jsonl")) {
    test(`facts of ${row.name}`, () => {
      const statement = parseSignedJson(readVectorText(`sgx/${row.file}`), row.member, row.name);
      const signer = parseCertificate(readPemCertificate("sgx/tcb_signer.pem"));
      const quote = parseQuote(readVectorBytes("sgx/quote_production.dat"));
      const platform = platformTcbOf(pckChainOf(quote, true)[0]!);
      const shared = {
        name: row.name,
        file: row.file,
        member: row.member,
        signature_valid_over_raw_member: holds(() => requireSignedJson(statement, signer, row.name)),
      };
      if (row.member === "tcbInfo") {
        const info = parseTcbInfo(statement.node);
        const forQuote =
          row.level_status === undefined
            ? {}
            : {
                level_index_for_production_quote: info.tcbLevels.indexOf(tcbLevelOf(info, platform)),
                level_status: tcbLevelOf(info, platform).status,
                level_advisory_ids: tcbLevelOf(info, platform).ids,
              };
        expect({
          ...shared,
          id: info.id,
          version: info.version,
          issue_date: info.issueDate,
          next_update: info.nextUpdate,
          fmspc: bytesToHex(info.fmspc),
          level_count: info.tcbLevels.length,
          ...forQuote,
        }).toEqual(row);
      } else {
        const identity = parseQeIdentity(statement.node);
        expect({
          ...shared,
          id: identity.id,
          version: identity.version,
          issue_date: statementTime(identity.issueDate),
          next_update: statementTime(identity.nextUpdate),
          level_isv_svns: identity.tcbLevels.map((level) => level.isvSvn),
          level_status_for_production_quote: qeLevelOf(identity, quote.qeReportBody.isvSvn)?.status,
        }).toEqual(row);
      }
    });
  }

  test("the documentation's QE identity reads, and is not signed as it stands", () => {
    const statement = parseSignedJson(
      readVectorText("sgx/example_qe_identity.json"),
      "enclaveIdentity",
      "example",
    );
    expect(parseQeIdentity(statement.node).id).toBe("QE");
    const signer = parseCertificate(readPemCertificate("sgx/tcb_signer.pem"));
    expect(codeOf(() => requireSignedJson(statement, signer, "example"))).toBe("SignatureVerification");
  });

  for (const row of loadVectors<{
    name: string;
    json: string;
    accept: boolean;
    raw_member: string | null;
    signature: string | null;
  }>("sgx/signed_wrapper_parsing.jsonl")) {
    test(`wrapper ${row.name}`, () => {
      const read = () => parseSignedJson(row.json, "tcbInfo", "TCB info");
      if (row.accept) {
        const { rawMember, signature } = read();
        expect([rawMember, signature]).toEqual([row.raw_member, row.signature]);
      } else {
        expect(codeOf(read)).toBe("Serde");
      }
    });
  }

  for (const row of loadVectors<{
    name: string;
    nonce: string;
    key: string;
    custom_identity: string | null;
    report_data_hash: string;
  }>("sgx/report_data_hashes.jsonl")) {
    test(`report data ${row.name}`, () => {
      const hash = reportDataHash({
        nonce: hexToBytes(row.nonce),
        key: hexToBytes(row.key),
        customIdentity: hexToBytes(row.custom_identity ?? ""),
      });
      expect(bytesToHex(hash)).toBe(row.report_data_hash);
    });
  }

  test("the built-in root is the published one", () => {
    expect(bytesToHex(sha256(INTEL_SGX_ROOT.der))).toBe(
      "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
    );
    expect(parseCertificate(INTEL_SGX_ROOT.der).serial.toUpperCase()).toBe(
      "22650CD65A9D3489F383B49552BF501B392706AC",
    );
    expect(INTEL_SGX_ROOT.der).toEqual(readPemCertificate("sgx/DcapRootCACert.pem"));
  });

  test("the certificate of the other platform has a chain, and a revocation list may be shared", () => {
    const rootCrl = readVectorBytes("sgx/root_crl.der");
    // What is published of the simulated chain is Intel's own list.
    expect(readVectorBytes("sgx/simulation_root_crl.der")).toEqual(rootCrl);
    const chain = ["leaf_cert.pem", "processor_ca.pem", "root_ca.pem"].map((name) =>
      parseCertificate(readPemCertificate(`sgx/${name}`)),
    );
    const crls = [rootCrl, readVectorBytes("sgx/processor_crl.der")].map((der) => parseRevocationList(der));
    const anchor = parseCertificate(INTEL_SGX_ROOT.der);
    const verified = verifyChain({ step: "PCK chain", chain, anchor, crls, strict: true });
    expect([verified.path.length, verified.crls.length]).toEqual([2, 2]);
    const { componentSvns, pceSvn, fmspc } = platformTcbOf(chain[0]!);
    expect([componentSvns.slice(0, 8), pceSvn, bytesToHex(fmspc)]).toEqual([
      [17, 17, 2, 4, 1, 128, 6, 0],
      11,
      "00906ed50000",
    ]);
  });

  const pkits = ({ chain, crls, trust_anchor }: Omit<PkitsCase, "name" | "accept" | "reasons">) =>
    codeOf(() =>
      verifyChain({
        step: "chain",
        chain: chain.map((name) => parseCertificate(readVectorBytes(`sgx/pkits/${name}`))),
        crls: crls.map((name) => parseRevocationList(readVectorBytes(`sgx/pkits/${name}`))),
        anchor: parseCertificate(readVectorBytes(`sgx/pkits/${trust_anchor}`)),
        strict: false,
      }),
    );

  for (const row of loadVectorJson<{ cases: PkitsCase[] }>("sgx/pkits/cases.json").cases) {
    test(`PKITS ${row.name}`, () => {
      const code = pkits(row);
      expect(code === undefined).toBe(row.accept);
      if (code !== undefined) {
        expect(row.reasons.flatMap((reason) => CODES_OF_REASONS[reason]!)).toContain(code);
      }
    });
  }

  test("PKITS 4.4.2, whose files are there without a case, and the same without revocation", () => {
    const chain = ["pkits/InvalidRevokedCATest2EE.crt", "pkits/RevokedsubCACert.crt", "pkits/GoodCACert.crt"];
    const crls = ["pkits/TrustAnchorRootCRL.crl", "pkits/GoodCACRL.crl", "pkits/RevokedsubCACRL.crl"];
    const bare = (names: string[]) => names.map((name) => name.slice("pkits/".length));
    const trust_anchor = "TrustAnchorRootCertificate.crt";
    expect(pkits({ chain: bare(chain), crls: bare(crls), trust_anchor })).toBe("CertificateRevoked");
    expect(pkits({ chain: bare(chain), crls: bare(crls.toSpliced(1, 1)), trust_anchor })).toBeUndefined();
  });

  test("PKITS chains that begin elsewhere or lead nowhere", () => {
    // The files that the cases name, and what a chain without them comes to.
    const [ee, ca] = ["pkits/InvalidRevokedEETest3EE.crt", "pkits/GoodCACert.crt"];
    const [other, otherCa] = ["pkits/InvalidMissingCRLTest1EE.crt", "pkits/NoCRLCACert.crt"];
    const anchor = "pkits/TrustAnchorRootCertificate.crt";
    const judge = (...chain: (string | undefined)[]) =>
      pkits({
        chain: chain.map((name) => name!.slice("pkits/".length)),
        crls: [],
        trust_anchor: anchor.slice("pkits/".length),
      });
    expect(judge(ee, ca)).toBeUndefined();
    expect(judge(ee, otherCa)).toBe("SignatureVerification");
    expect(judge(other, ca)).toBe("SignatureVerification");
    // An issuer stands after whom it signed.
    expect(judge(ca, ee)).toBeUndefined();
    expect(judge(ee)).toBe("SignatureVerification");
  });
});
