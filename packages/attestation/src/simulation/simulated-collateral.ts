import { bytesToHex, utf8 } from "@mobilecoin-ts/crypto";
import { type SigningKey, signRaw } from "./certificates.ts";

/** States a simulated platform can be in; all but the first are for tests of refusal (05 section 5.2). */
export type SimulationProfile =
  | "upToDate"
  /** Level `SWHardeningNeeded` with INTEL-SA-00334 and INTEL-SA-00615. */
  | "swHardeningNeeded"
  | "outOfDate"
  /** TCB info and QE identity ended a month ago. */
  | "expired"
  /** The TCB info is about another family of processors than the certificate. */
  | "wrongFmspc"
  /** The platform's certificate stands in the revocation list. */
  | "revokedPck";

/** A family of processors that Intel does not have. */
export const SIMULATED_FMSPC = Uint8Array.of(0xde, 0xc0, 0xde, 0, 0, 1);
export const SIMULATED_PCE_ID = Uint8Array.of(0, 0);
/** Signer, product and version of the simulated quoting enclave. */
export const SIMULATED_QE = {
  mrSigner: new Uint8Array(32).fill(0xde),
  productId: 1,
  securityVersion: 1,
} as const;

const TCB_DATE = "2026-01-01T00:00:00Z";
const OTHER_FMSPC = "dec0deffffff";

export interface Validity {
  readonly from: Date;
  readonly until: Date;
}

/** Signed TCB info, version 3, with one level. */
export function simulatedTcbInfo(key: SigningKey, profile: SimulationProfile, validity: Validity): string {
  const advisories: Partial<Record<SimulationProfile, readonly string[]>> = {
    swHardeningNeeded: ["INTEL-SA-00334", "INTEL-SA-00615"],
    outOfDate: ["INTEL-SA-00615"],
  };
  const statuses: Partial<Record<SimulationProfile, string>> = {
    swHardeningNeeded: "SWHardeningNeeded",
    outOfDate: "OutOfDate",
  };
  const advisoryIDs = advisories[profile];
  return signedJson(key, "tcbInfo", {
    id: "SGX",
    version: 3,
    issueDate: seconds(validity.from),
    nextUpdate: seconds(validity.until),
    fmspc: profile === "wrongFmspc" ? OTHER_FMSPC : bytesToHex(SIMULATED_FMSPC),
    pceId: bytesToHex(SIMULATED_PCE_ID),
    tcbType: 0,
    tcbEvaluationDataNumber: 1,
    tcbLevels: [
      {
        tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn: 1 })), pcesvn: 1 },
        tcbDate: TCB_DATE,
        tcbStatus: statuses[profile] ?? "UpToDate",
        ...(advisoryIDs === undefined ? {} : { advisoryIDs }),
      },
    ],
  });
}

/** Signed identity of the quoting enclave, version 2, with one level. */
export function simulatedQeIdentity(key: SigningKey, validity: Validity): string {
  return signedJson(key, "enclaveIdentity", {
    id: "QE",
    version: 2,
    issueDate: seconds(validity.from),
    nextUpdate: seconds(validity.until),
    tcbEvaluationDataNumber: 1,
    miscselect: "00000000",
    miscselectMask: "FFFFFFFF",
    attributes: "05000000000000000000000000000000",
    attributesMask: "FBFFFFFFFFFFFFFF0000000000000000",
    mrsigner: bytesToHex(SIMULATED_QE.mrSigner).toUpperCase(),
    isvprodid: SIMULATED_QE.productId,
    tcbLevels: [{ tcb: { isvsvn: SIMULATED_QE.securityVersion }, tcbDate: TCB_DATE, tcbStatus: "UpToDate" }],
  });
}

/** The signature covers the exact bytes of the member's value. */
function signedJson(key: SigningKey, member: string, value: object): string {
  const text = JSON.stringify(value);
  const signature = bytesToHex(signRaw(key, utf8(text)));
  return `{${JSON.stringify(member)}:${text},"signature":"${signature}"}`;
}

function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
