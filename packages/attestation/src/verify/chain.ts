import { equalBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import type { Certificate, SignedObject } from "./certificate.ts";
import type { RevocationList } from "./crl.ts";
import { verifySignature } from "./public-key.ts";

/** Authorities between a leaf and the anchor. */
const MAX_INTERMEDIATES = 8;

export interface ChainOptions {
  /** What the chain is for, in messages. */
  readonly step: string;
  /** Leaf first. The anchor need not be among them. */
  readonly chain: readonly Certificate[];
  readonly anchor: Certificate;
  readonly crls: readonly RevocationList[];
  /**
   * Refuses what has no effect on trust, and what the reference lets pass: certificates that are not part of the path,
   * a copy of the anchor that is not the anchor, a certificate whose issuer has no revocation list here.
   */
  readonly strict: boolean;
}

/** A path from a leaf to the anchor whose signatures hold and of which nothing is revoked. */
export interface VerifiedChain {
  /** Leaf first, without the anchor. */
  readonly path: readonly Certificate[];
  /** The revocation lists that spoke for the path. */
  readonly crls: readonly RevocationList[];
}

/**
 * Follows a chain from its first certificate to the anchor (05 section 2.11 C.3): names, signatures, authority, key
 * usage, path length, revocation. Dates are `requireChainDates`. Throws `SignatureVerification`, `CertificateRevoked`,
 * `GeneralCertificateError`; strictly also `NotCanonical`, `CrlMissing`.
 */
export function verifyChain({ step, chain, anchor, crls, strict }: ChainOptions): VerifiedChain {
  const leaf = chain[0];
  if (leaf === undefined) throw refusal("GeneralCertificateError", step, "no certificate", "a chain");
  const path = [leaf];
  const used: RevocationList[] = [];
  let index = 0;
  for (;;) {
    const subject = chain[index]!;
    const toAnchor = mayIssue(anchor, path.length - 1) && isSignedBy(subject, anchor);
    const above = toAnchor
      ? -1
      : chain.findIndex(
          (candidate, i) =>
            i > index && mayIssue(candidate, path.length - 1) && isSignedBy(subject, candidate),
        );
    if (!toAnchor && above < 0) {
      throw refusal(
        "SignatureVerification",
        step,
        `certificate "${subject.subjectText}" that no authority of its chain signed`,
        `a chain of signatures to "${anchor.subjectText}"`,
      );
    }
    const issuer = toAnchor ? anchor : chain[above]!;
    used.push(...requireNotRevoked(step, subject, issuer, crls, strict));
    if (toAnchor) break;
    if (path.length > MAX_INTERMEDIATES) {
      throw refusal(
        "GeneralCertificateError",
        step,
        `more than ${MAX_INTERMEDIATES} authorities in a row`,
        `at most ${MAX_INTERMEDIATES}`,
      );
    }
    path.push(issuer);
    index = above;
  }
  if (strict) requireWholeChain(step, chain, path, anchor);
  return { path, crls: used };
}

/** Throws `CertificateNotYetValid` or `CertificateExpired` unless every certificate is valid at `time`. */
export function requireChainDates(step: string, certificates: readonly Certificate[], time: Date): void {
  for (const { subjectText, notBefore, notAfter } of certificates) {
    if (time < notBefore) {
      throw refusal(
        "CertificateNotYetValid",
        step,
        `certificate "${subjectText}" valid from ${notBefore.toISOString()}`,
        `one valid at ${time.toISOString()}`,
      );
    }
    if (time > notAfter) {
      throw refusal(
        "CertificateExpired",
        step,
        `certificate "${subjectText}" valid until ${notAfter.toISOString()}`,
        `one valid at ${time.toISOString()}`,
      );
    }
  }
}

/** Throws `CrlNotYetValid` or `CrlExpired` unless each list is current at `time`, or was `grace` milliseconds before. */
export function requireCrlDates(step: string, { crls }: VerifiedChain, time: Date, grace: number): void {
  for (const { thisUpdate, nextUpdate } of crls) {
    if (time < thisUpdate) {
      throw refusal(
        "CrlNotYetValid",
        step,
        `a revocation list issued at ${thisUpdate.toISOString()}`,
        `one current at ${time.toISOString()}`,
      );
    }
    if (nextUpdate !== undefined && time.getTime() >= nextUpdate.getTime() + grace) {
      throw refusal(
        "CrlExpired",
        step,
        `a revocation list to be renewed by ${nextUpdate.toISOString()}`,
        `one current at ${time.toISOString()}`,
      );
    }
  }
}

/** Whether a certificate may sign others with so many authorities between it and the leaf. */
function mayIssue(issuer: Certificate, authoritiesBelow: number): boolean {
  return (
    issuer.isAuthority &&
    issuer.keyUsage?.signsCertificates !== false &&
    (issuer.pathLength === undefined || issuer.pathLength >= authoritiesBelow)
  );
}

/** Whether the issuer's name and signature are on an object. */
export function isSignedBy(object: SignedObject, issuer: Certificate): boolean {
  return (
    equalBytes(object.issuer, issuer.subject) &&
    verifySignature(issuer.spki, issuer.publicKey, object.algorithm, object.signed, object.signature)
  );
}

function requireNotRevoked(
  step: string,
  subject: Certificate,
  issuer: Certificate,
  crls: readonly RevocationList[],
  strict: boolean,
): RevocationList[] {
  const lists = crls.filter((crl) => equalBytes(crl.issuer, subject.issuer));
  for (const crl of lists) {
    if (issuer.keyUsage?.signsCrls === false || !isSignedBy(crl, issuer)) {
      throw refusal(
        "SignatureVerification",
        step,
        `a revocation list in the name of "${issuer.subjectText}" without its signature`,
        "a signed one",
      );
    }
    if (crl.revoked.has(subject.serial)) {
      throw refusal(
        "CertificateRevoked",
        step,
        `certificate "${subject.subjectText}", serial ${subject.serial}, revoked`,
        "one that is not",
      );
    }
  }
  if (strict && lists.length === 0) {
    throw refusal("CrlMissing", step, `no revocation list of "${issuer.subjectText}"`, "one");
  }
  return lists;
}

function requireWholeChain(
  step: string,
  chain: readonly Certificate[],
  path: readonly Certificate[],
  anchor: Certificate,
): void {
  const whole = [...path, anchor];
  const isPrefix = chain.every((certificate, i) => {
    const wanted = whole[i];
    return wanted !== undefined && equalBytes(certificate.der, wanted.der);
  });
  if (!isPrefix) {
    throw refusal(
      "NotCanonical",
      step,
      `${chain.length} certificates, of which some are not part of the path`,
      `the path to "${anchor.subjectText}" and nothing else`,
    );
  }
}
