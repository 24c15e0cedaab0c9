import { type Digestible, d } from "@mobilecoin-ts/crypto";
import { type Codec, f, message } from "@mobilecoin-ts/wire";

/** A report of Intel's attestation service, as transmitted; the evidence of blocks before DCAP. */
export interface VerificationReport {
  readonly signature: Uint8Array;
  /** Certificates in DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly httpBody: string;
}

/** What a DCAP quote is checked against, as transmitted. */
export interface Collateral {
  readonly pckCrlIssuerChain: readonly Uint8Array[];
  readonly rootCaCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  readonly tcbInfoIssuerChain: readonly Uint8Array[];
  readonly tcbInfo: string;
  readonly qeIdentityIssuerChain: readonly Uint8Array[];
  readonly qeIdentity: string;
}

/** What the report data of a quote commits to. */
export interface EnclaveReportDataContents {
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes, or empty; for a consensus enclave its block-signing key. */
  readonly customIdentity: Uint8Array;
}

/** A DCAP quote with its collateral. A sub-message that was not sent is undefined. */
export interface DcapEvidence {
  readonly quote: Uint8Array | undefined;
  readonly collateral: Collateral | undefined;
  readonly reportData: EnclaveReportDataContents | undefined;
}

/** Evidence about the enclave that signs blocks. Nothing here looks inside it. */
export type AttestationEvidence =
  | { readonly case: "verificationReport"; readonly value: VerificationReport }
  | { readonly case: "dcapEvidence"; readonly value: DcapEvidence };

const verificationReportDigestible: Digestible<VerificationReport> = d.struct<VerificationReport>(
  "VerificationReport",
  [
    ["sig", d.newtype("VerificationSignature", d.bytes, { neverOmit: true }), { key: "signature" }],
    ["chain", d.list(d.bytes)],
    ["http_body", d.str, { neverOmit: true }],
  ],
);

const collateralDigestible: Digestible<Collateral> = d.struct<Collateral>("Collateral", [
  ["pck_crl_issuer_chain", d.list(d.bytes)],
  ["root_ca_crl", d.bytes],
  ["pck_crl", d.bytes],
  ["tcb_info_issuer_chain", d.list(d.bytes)],
  ["tcb_info", d.str],
  ["qe_identity_issuer_chain", d.list(d.bytes)],
  ["qe_identity", d.str],
]);

const reportDataDigestible: Digestible<EnclaveReportDataContents> = d.struct<EnclaveReportDataContents>(
  "EnclaveReportDataContents",
  [
    ["nonce", d.bytes],
    ["key", d.bytes],
    ["custom_identity", d.bytes],
  ],
);

const quoteDigestible: Digestible<Uint8Array> = d.from(
  (data) => ({ data }),
  d.struct<{ data: Uint8Array }>("Quote3", [["data", d.bytes]]),
);

const dcapEvidenceDigestible: Digestible<DcapEvidence> = d.struct<DcapEvidence>("DcapEvidence", [
  ["quote", d.option(quoteDigestible)],
  ["collateral", d.option(collateralDigestible)],
  ["report_data", d.option(reportDataDigestible)],
]);

const fromReport: Digestible<AttestationEvidence> = d.from(
  (evidence) => (evidence as AttestationEvidence & { case: "verificationReport" }).value,
  verificationReportDigestible,
);
const fromDcap: Digestible<AttestationEvidence> = d.from(
  (evidence) => (evidence as AttestationEvidence & { case: "dcapEvidence" }).value,
  dcapEvidenceDigestible,
);

/** Either kind, without a node for which: the hash name of the field stayed when DCAP came. */
export const attestationEvidenceDigestible: Digestible<AttestationEvidence> = d.transparent((evidence) =>
  evidence.case === "verificationReport" ? fromReport : fromDcap,
);

const verificationSignatureCodec = message<{ readonly contents: Uint8Array }>("VerificationSignature", {
  contents: f.bytes(1),
});
const signatureMessage = f.message(1, verificationSignatureCodec);

export const verificationReportCodec: Codec<VerificationReport> = message<VerificationReport>(
  "VerificationReport",
  {
    signature: {
      tags: signatureMessage.tags,
      isOneof: false,
      initial: () => new Uint8Array(0),
      write: (writer, contents, order) => signatureMessage.write(writer, { contents }, order),
      read: (reader, tag, wireType, contents, state) =>
        signatureMessage.read(reader, tag, wireType, { contents }, state).contents,
    },
    chain: f.repeatedBytes(2),
    httpBody: f.string(3, { required: true }),
  },
);

const collateralCodec: Codec<Collateral> = message<Collateral>("Collateral", {
  pckCrlIssuerChain: f.repeatedBytes(1),
  rootCaCrl: f.bytes(2),
  pckCrl: f.bytes(3),
  tcbInfoIssuerChain: f.repeatedBytes(4),
  tcbInfo: f.string(5),
  qeIdentityIssuerChain: f.repeatedBytes(6),
  qeIdentity: f.string(7),
});

const reportDataCodec: Codec<EnclaveReportDataContents> = message<EnclaveReportDataContents>(
  "EnclaveReportDataContents",
  { nonce: f.bytes(1), key: f.bytes(2), customIdentity: f.bytes(3) },
);

const quoteMessage = f.message(1, message<{ readonly data: Uint8Array }>("Quote3", { data: f.bytes(1) }), {
  optional: true,
});

export const dcapEvidenceCodec: Codec<DcapEvidence> = message<DcapEvidence>("DcapEvidence", {
  quote: {
    tags: quoteMessage.tags,
    isOneof: false,
    initial: () => undefined,
    write: (writer, quote, order) =>
      quoteMessage.write(writer, quote === undefined ? undefined : { data: quote }, order),
    read: (reader, tag, wireType, quote, state) =>
      quoteMessage.read(reader, tag, wireType, quote === undefined ? undefined : { data: quote }, state)
        ?.data,
  },
  collateral: f.message(2, collateralCodec, { optional: true }),
  reportData: f.message(3, reportDataCodec, { optional: true }),
});
