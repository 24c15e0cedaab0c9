import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { sha256 } from "@noble/hashes/sha2.js";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  KeyUsageFlags,
  TBSCertificate,
} from "@peculiar/asn1-x509";
import { AttestationError, refusal } from "../error.ts";
import { LruMap } from "../session/lru-map.ts";
import { DER_TAG, dottedOid, readDerSequence, wholeBits } from "./der.ts";
import { type PublicKey, parsePublicKey, type SignatureAlgorithm, signatureAlgorithm } from "./public-key.ts";

/** A signed object of X.509: the exact bytes that the signature covers, and the signature. */
export interface SignedObject {
  readonly der: Uint8Array;
  readonly signed: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** Name of the issuer, in DER. */
  readonly issuer: Uint8Array;
}

/** An X.509 certificate as far as chains need it. */
export interface Certificate extends SignedObject {
  /** Content octets in hex. */
  readonly serial: string;
  /** Name in DER. */
  readonly subject: Uint8Array;
  /** The subject for people: `CN=…, O=…`. */
  readonly subjectText: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array;
  readonly publicKey: PublicKey;
  readonly isAuthority: boolean;
  /** Authorities that may stand below it; undefined for any number. */
  readonly pathLength: number | undefined;
  /** Undefined without a key-usage extension, which allows everything. */
  readonly keyUsage: { readonly signsCertificates: boolean; readonly signsCrls: boolean } | undefined;
  /** Content of every extension by OID. */
  readonly extensions: ReadonlyMap<string, Uint8Array>;
}

/** No certificate or revocation list in use comes near. */
const MAX_DER_BYTES = 1 << 20;

/** Critical extensions that may stand in a certificate; any other makes it unreadable (05 section 2.11). */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set([
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_ce_certificatePolicies,
]);

const PARSED_LIMIT = 256;
const parsed = new LruMap<Certificate>(PARSED_LIMIT);

/** Reads a certificate: one DER value, nothing after it. Throws `Der`. */
export function parseCertificate(der: Uint8Array, what = "certificate"): Certificate {
  const digest = bytesToHex(sha256(der));
  const known = parsed.get(digest);
  if (known !== undefined) return known;
  const certificate = readCertificate(der.slice(), what);
  parsed.set(digest, certificate);
  return certificate;
}

function readCertificate(der: Uint8Array, what: string): Certificate {
  const { signed, algorithm, signature } = openSigned(der, what);
  const members = readDerSequence(signed, what);
  if (members.tag === 0xa0) members.next();
  const serial = members.next(DER_TAG.integer).content;
  requireSameAlgorithm(members.next(DER_TAG.sequence).encoded, der, what);
  const issuer = members.next(DER_TAG.sequence).encoded;
  members.next(DER_TAG.sequence);
  const subject = members.next(DER_TAG.sequence).encoded;
  const spki = members.next(DER_TAG.sequence).encoded;

  const tbs = converted(what, () => AsnConvert.parse(signed, TBSCertificate));
  const extensions = new Map<string, Uint8Array>();
  for (const { extnID, critical, extnValue } of tbs.extensions ?? []) {
    if (extensions.has(extnID)) throw refusal("Der", what, `extension ${extnID} twice`, "it once");
    if (critical && !KNOWN_CRITICAL.has(extnID)) {
      throw refusal("Der", what, `unknown critical extension ${extnID}`, "known ones only");
    }
    extensions.set(extnID, new Uint8Array(extnValue.buffer));
  }
  const constraints = converted(what, () => {
    const value = extensions.get(id_ce_basicConstraints);
    return value === undefined ? undefined : AsnConvert.parse(value, BasicConstraints);
  });
  const usage = converted(what, () => {
    const value = extensions.get(id_ce_keyUsage);
    return value === undefined ? undefined : AsnConvert.parse(value, KeyUsage).toNumber();
  });
  return {
    der,
    signed,
    algorithm,
    signature,
    serial: bytesToHex(serial),
    issuer,
    subject,
    subjectText: nameText(tbs.subject),
    notBefore: tbs.validity.notBefore.getTime(),
    notAfter: tbs.validity.notAfter.getTime(),
    spki,
    publicKey: parsePublicKey(spki, `${what}'s key`),
    isAuthority: constraints?.cA ?? false,
    pathLength: constraints?.pathLenConstraint,
    keyUsage:
      usage === undefined
        ? undefined
        : {
            signsCertificates: (usage & KeyUsageFlags.keyCertSign) !== 0,
            signsCrls: (usage & KeyUsageFlags.cRLSign) !== 0,
          },
    extensions,
  };
}

/** Takes apart SEQUENCE {what is signed, algorithm, signature}. Throws `Der`. */
export function openSigned(der: Uint8Array, what: string): Omit<SignedObject, "der" | "issuer"> {
  if (der.length > MAX_DER_BYTES) {
    throw refusal("Der", what, `${der.length} bytes`, `at most ${MAX_DER_BYTES}`);
  }
  const outer = readDerSequence(der, what);
  const { encoded: signed } = outer.next(DER_TAG.sequence);
  const identifier = outer.sequence();
  const oid = dottedOid(identifier.next(DER_TAG.objectIdentifier), what);
  const algorithm = signatureAlgorithm(oid);
  if (algorithm === undefined) {
    throw refusal("Der", what, `signature algorithm ${oid}`, "RSA or ECDSA with SHA-256, 384 or 512");
  }
  const signature = wholeBits(outer.next(DER_TAG.bitString), what);
  outer.end();
  return { signed, algorithm, signature };
}

/** The algorithm is named inside and outside of what is signed; both must be the same bytes (RFC 5280 4.1.1.2). */
export function requireSameAlgorithm(inside: Uint8Array, der: Uint8Array, what: string): void {
  const outer = readDerSequence(der, what);
  outer.next();
  if (!equalBytes(outer.next().encoded, inside)) {
    throw refusal("Der", what, "two different signature algorithms", "the same inside and outside");
  }
}

/** Runs the ASN.1 library, whose errors are not ours. */
export function converted<T>(what: string, convert: () => T): T {
  try {
    return convert();
  } catch (cause) {
    if (cause instanceof AttestationError) throw cause;
    throw refusal("Der", what, "a structure that does not read", "that of RFC 5280", cause);
  }
}

const NAME_PARTS: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
]);

function nameText(name: TBSCertificate["subject"]): string {
  return name
    .flatMap((set) => [...set])
    .map(({ type, value }) => `${NAME_PARTS.get(type) ?? type}=${value.toString()}`)
    .join(", ");
}
