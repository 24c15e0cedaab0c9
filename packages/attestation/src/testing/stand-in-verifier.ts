import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import type { DcapEvidence } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";
import {
  type DcapVerificationOptions,
  reportDataHash,
  type VerifiedEvidence,
} from "../session/verification.ts";

// What sessions need of a verifier, for their tests until the real one is there: it looks at no signature.

function refuse(why: string): never {
  throw new AttestationError("InvalidTrust", why);
}

export function verifyDcapEvidence(
  evidence: DcapEvidence,
  options: DcapVerificationOptions,
): VerifiedEvidence {
  const quote = evidence.quote!;
  const body = quote.subarray(48, 432);
  const mrEnclave = body.subarray(64, 96);
  const chain = new TextDecoder().decode(quote.subarray(1052)).split("-----BEGIN CERTIFICATE-----\n");
  const last = atob(chain.at(-1)!.split("-----END")[0]!.replaceAll("\n", ""));
  const anchor = Uint8Array.from(last, (character) => character.charCodeAt(0));
  if (!equalBytes(anchor, options.root.der)) refuse("root");
  if ((body[48]! & 2) !== 0 && options.allowDebug !== true) refuse("debug");
  if (!equalBytes(body.subarray(320, 352), reportDataHash(evidence.reportData!))) refuse("report data");
  const { tcbInfo } = JSON.parse(evidence.collateral!.tcbInfo) as {
    tcbInfo: { nextUpdate: string; tcbLevels: [{ tcbStatus: string; advisoryIDs?: string[] }] };
  };
  if (options.time !== undefined && options.time >= new Date(tcbInfo.nextUpdate)) refuse("time");
  const { tcbStatus, advisoryIDs: advisories = [] } = tcbInfo.tcbLevels[0];
  const identity = options.identities.find(
    (candidate) =>
      candidate.kind === "mrEnclave" &&
      bytesToHex(candidate.mrEnclave) === bytesToHex(mrEnclave) &&
      advisories.every((id) => candidate.hardeningAdvisories.includes(id)),
  );
  if (identity === undefined || tcbStatus === "OutOfDate") refuse("identity");
  return {
    reportBody: { reportData: body.subarray(320), mrEnclave },
    reportData: evidence.reportData!,
    identity,
    advisories,
    tcbStatus,
    trust: options.root.kind,
  };
}

export function verifyIasReport(): VerifiedEvidence {
  return refuse("report");
}
