import { equalBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { isSignedBy, requireChainDates } from "./chain.ts";

const STEP = "server's certificates";
const MAX_CERTIFICATES = 16;

export interface PinnedChainOptions {
  /** Keys that are trusted, each a SubjectPublicKeyInfo in DER. */
  readonly pinnedKeys: readonly Uint8Array[];
  /** Also wants every certificate below the pinned one valid at this time. */
  readonly time?: Date;
}

/** SubjectPublicKeyInfo of a certificate: what is pinned, as certificates are renewed. Throws `Der`. */
export function publicKeyInfoOf(der: Uint8Array): Uint8Array {
  return parseCertificate(der).spki.slice();
}

/**
 * Verifies that a server's chain (DER, leaf first) rests on a pinned key: some certificate has it, and each below is
 * signed by the next. Returns the certificates up to the pinned one. The pinned certificate's own dates and issuer do
 * not matter: its key is the trust. Throws `NotPinned`, `SignatureVerification`, `Der`, or the codes of dates.
 */
export function verifyPinnedChain(
  chain: readonly Uint8Array[],
  { pinnedKeys, time }: PinnedChainOptions,
): Certificate[] {
  if (chain.length > MAX_CERTIFICATES) {
    throw refusal("NotPinned", STEP, `${chain.length} certificates`, `at most ${MAX_CERTIFICATES}`);
  }
  const certificates = chain.map((der) => parseCertificate(der, STEP));
  const pinned = certificates.findIndex(({ spki }) => pinnedKeys.some((key) => equalBytes(key, spki)));
  if (pinned < 0) {
    throw refusal("NotPinned", STEP, `${chain.length} certificates without a pinned key`, "one with it");
  }
  for (let i = 0; i < pinned; i++) {
    const issuer = certificates[i + 1]!;
    const mayIssue = issuer.isAuthority && issuer.keyUsage?.signsCertificates !== false;
    const hasRoom = issuer.pathLength === undefined || issuer.pathLength >= i;
    if (!mayIssue || !hasRoom || !isSignedBy(certificates[i]!, issuer)) {
      throw refusal(
        "SignatureVerification",
        STEP,
        `certificate "${certificates[i]!.subjectText}" not signed by "${issuer.subjectText}"`,
        "each signed by the next",
      );
    }
  }
  if (time !== undefined) requireChainDates(STEP, certificates.slice(0, pinned), time);
  return certificates.slice(0, pinned + 1);
}
