import { bytesToHex } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { AsnConvert } from "@peculiar/asn1-schema";
import { TBSCertList } from "@peculiar/asn1-x509";
import { refusal } from "../error.ts";
import { LruMap } from "../session/lru-map.ts";
import { converted, openSigned, requireSameAlgorithm, type SignedObject } from "./certificate.ts";
import { DER_TAG, readDerSequence } from "./der.ts";

/** A certificate revocation list. */
export interface RevocationList extends SignedObject {
  readonly thisUpdate: Date;
  /** Undefined where the list says nothing; it never gets old then. */
  readonly nextUpdate: Date | undefined;
  /** Serial numbers, as `Certificate.serial`. */
  readonly revoked: ReadonlySet<string>;
}

const PARSED_LIMIT = 64;
const parsed = new LruMap<RevocationList>(PARSED_LIMIT);

/** Reads a revocation list: one DER value, nothing after it. Throws `Der`. */
export function parseRevocationList(der: Uint8Array, what = "revocation list"): RevocationList {
  const digest = bytesToHex(sha256(der));
  const known = parsed.get(digest);
  if (known !== undefined) return known;
  const list = readRevocationList(der.slice(), what);
  parsed.set(digest, list);
  return list;
}

function readRevocationList(der: Uint8Array, what: string): RevocationList {
  const { signed, algorithm, signature } = openSigned(der, what);
  const members = readDerSequence(signed, what);
  if (members.tag === DER_TAG.integer) members.next();
  requireSameAlgorithm(members.next(DER_TAG.sequence).encoded, der, what);
  const issuer = members.next(DER_TAG.sequence).encoded;
  const tbs = converted(what, () => AsnConvert.parse(signed, TBSCertList));
  const entries = tbs.revokedCertificates ?? [];
  // A critical extension changes what the list is about (RFC 5280 section 5.2): part of a list is not the list.
  const critical = [
    ...(tbs.crlExtensions ?? []),
    ...entries.flatMap((entry) => entry.crlEntryExtensions ?? []),
  ].find((extension) => extension.critical);
  if (critical !== undefined) {
    throw refusal("Der", what, `unknown critical extension ${critical.extnID}`, "none");
  }
  return {
    der,
    signed,
    algorithm,
    signature,
    issuer,
    thisUpdate: tbs.thisUpdate.getTime(),
    nextUpdate: tbs.nextUpdate?.getTime(),
    revoked: new Set(entries.map((entry) => bytesToHex(new Uint8Array(entry.userCertificate)))),
  };
}
