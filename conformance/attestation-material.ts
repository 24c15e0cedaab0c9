import type { AttestationRoot, TrustedIdentity } from "@mobilecoin-ts/attestation";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { readVectorBytes, readVectorText } from "./vectors.ts";

/** A row of `cases.json` of the folders with quotes. */
export interface EvidenceCase {
  name: string;
  quote: string;
  quote_patch?: { offset: number; xor: number } | null;
  collateral: {
    tcb_info: string;
    qe_identity: string;
    signer_chain: string[];
    pck_crl_issuer_chain: string[];
    root_ca_crl: string;
    pck_crl: string;
    trusted_root: string;
  };
  at: string;
  enforce_crl_dates: boolean;
  report_data_contents?: { nonce: string; key: string; custom_identity: string | null };
  trusted_identities: IdentityRow[];
  accept: boolean;
  reasons: string[];
}

interface IdentityRow {
  kind: "mr_enclave" | "mr_signer";
  mr_enclave?: string;
  mr_signer?: string;
  product_id?: number;
  minimum_svn?: number;
  config_advisories: string[];
  hardening_advisories: string[];
}

/** DER of the only certificate of a PEM file. */
export function readPemCertificate(path: string): Uint8Array {
  const body = readVectorText(path).replace(/-----[^-]+-----|\s/g, "");
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}

export function quoteOf(folder: string, { quote, quote_patch: patch }: EvidenceCase): Uint8Array {
  const bytes = readVectorBytes(`${folder}/${quote}`);
  if (patch !== undefined && patch !== null) bytes[patch.offset] = bytes[patch.offset]! ^ patch.xor;
  return bytes;
}

export function collateralOf(folder: string, { collateral: files }: EvidenceCase): Collateral {
  const chain = (names: string[]) => names.map((name) => readPemCertificate(`${folder}/${name}`));
  return {
    pckCrlIssuerChain: chain(files.pck_crl_issuer_chain),
    rootCaCrl: readVectorBytes(`${folder}/${files.root_ca_crl}`),
    pckCrl: readVectorBytes(`${folder}/${files.pck_crl}`),
    tcbInfoIssuerChain: chain(files.signer_chain),
    tcbInfo: readVectorText(`${folder}/${files.tcb_info}`),
    qeIdentityIssuerChain: chain(files.signer_chain),
    qeIdentity: readVectorText(`${folder}/${files.qe_identity}`),
  };
}

export function identityOf(row: IdentityRow): TrustedIdentity {
  const advisories = {
    configAdvisories: row.config_advisories,
    hardeningAdvisories: row.hardening_advisories,
  };
  if (row.kind === "mr_enclave") {
    return { kind: "mrEnclave", mrEnclave: hexToBytes(row.mr_enclave!), ...advisories };
  }
  return {
    kind: "mrSigner",
    mrSigner: hexToBytes(row.mr_signer!),
    productId: row.product_id!,
    minimumSvn: row.minimum_svn!,
    ...advisories,
  };
}

/** The root a case trusts: Intel's goes under its own file name. */
export function rootOf(folder: string, { collateral }: EvidenceCase): AttestationRoot {
  return {
    der: readPemCertificate(`${folder}/${collateral.trusted_root}`),
    kind: collateral.trusted_root === "DcapRootCACert.pem" ? "intel" : "development",
  };
}

/** Error codes that name a ground of the vectors. */
export const CODES_OF_REASONS: Readonly<Record<string, readonly string[]>> = {
  advisories: ["Advisories"],
  certificate_expired: ["CertificateExpired"],
  certificate_not_yet_valid: ["CertificateNotYetValid"],
  certificate_revoked: ["CertificateRevoked"],
  crl_expired: ["CrlExpired"],
  fmspc_mismatch: ["FmspcMismatch"],
  isv_signature: ["SignatureVerification"],
  isv_svn: ["Identity"],
  mr_enclave: ["Identity"],
  no_trusted_identity: ["NoIdentities"],
  qe_identity_expired: ["QeIdentityExpired"],
  qe_identity_not_yet_valid: ["QeIdentityNotYetValid"],
  report_data: ["ReportData"],
  tcb_info_expired: ["TcbInfoExpired"],
  tcb_info_signature: ["SignatureVerification"],
  tcb_level: ["UnsupportedTcbLevel"],
  untrusted_root: ["SignatureVerification"],
};
