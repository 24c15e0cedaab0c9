import {
  type AttestationEvidence,
  type DcapEvidence,
  dcapEvidenceCodec,
  verificationReportCodec,
} from "@mobilecoin-ts/ledger";
import { f, message } from "@mobilecoin-ts/wire";

const dcapStoreCodec = message<{ readonly evidence: DcapEvidence | undefined }>("StoredEvidence", {
  evidence: f.message(4, dcapEvidenceCodec, { optional: true }),
});

/** Evidence as it is stored: a report as it is, a DCAP quote in field 4 (03 section 2.13.1). */
export function encodeStoredEvidence(evidence: AttestationEvidence): Uint8Array {
  return evidence.case === "dcapEvidence"
    ? dcapStoreCodec.encode({ evidence: evidence.value })
    : verificationReportCodec.encode(evidence.value);
}

/** Reads stored evidence; none is stored where it was asked for in vain. */
export function decodeStoredEvidence(bytes: Uint8Array): AttestationEvidence | undefined {
  if (bytes.length === 0) return undefined;
  const { evidence } = dcapStoreCodec.decode(bytes);
  return evidence === undefined
    ? { case: "verificationReport", value: verificationReportCodec.decode(bytes) }
    : { case: "dcapEvidence", value: evidence };
}
