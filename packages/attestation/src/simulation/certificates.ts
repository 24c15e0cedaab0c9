import type { RandomBytes } from "@mobilecoin-ts/curve";
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { der } from "./der-writer.ts";

const ECDSA_WITH_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"));
const P256_PUBLIC_KEY = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.3.1.7"));

/** An ECDSA P-256 key pair of the simulation. */
export interface SigningKey {
  /** Scalar, 32 bytes, big-endian. */
  readonly privateKey: Uint8Array;
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array;
}

export function newSigningKey(random: RandomBytes): SigningKey {
  // 48 bytes: enough that the reduction leaves no bias.
  return signingKeyOf(p256.utils.randomSecretKey(random(48)));
}

export function signingKeyOf(privateKey: Uint8Array): SigningKey {
  return { privateKey: privateKey.slice(), publicKey: p256.getPublicKey(privateKey, false) };
}

/** `r ‖ s`, 64 bytes, over the SHA-256 of the message. */
export function signRaw(key: SigningKey, message: Uint8Array): Uint8Array {
  return p256.sign(message, key.privateKey, { prehash: true });
}

/** Public key `x ‖ y`, 64 bytes. */
export function rawPublicKey(key: SigningKey): Uint8Array {
  return key.publicKey.subarray(1);
}

/** A distinguished name in DER with a common name and an organisation. */
export function distinguishedName(commonName: string): Uint8Array {
  const part = (oid: string, value: string) => der.set(der.sequence(der.oid(oid), der.text(value)));
  return der.sequence(part("2.5.4.3", commonName), part("2.5.4.10", "DEVELOPMENT ONLY, simulated enclaves"));
}

/** A serial number of 16 octets, which are never zero at the front nor negative. */
export function newSerial(random: RandomBytes): Uint8Array {
  const serial = random(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}

/** Who signs: name and key. */
export interface Issuer {
  readonly name: Uint8Array;
  readonly key: SigningKey;
}

export interface CertificateContents {
  readonly serial: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Certificates that may stand below it without the last; absent for one that signs none. */
  readonly pathLength?: number;
  /** More extensions, each in DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** An X.509 v3 certificate in DER, signed with ECDSA P-256 and SHA-256. */
export function certificate(issuer: Issuer, contents: CertificateContents): Uint8Array {
  const { pathLength } = contents;
  const isAuthority = pathLength !== undefined;
  const extensions = [
    extension(
      "2.5.29.19",
      isAuthority ? der.sequence(der.boolean(true), der.integer(pathLength)) : der.sequence(),
      true,
    ),
    // keyCertSign and cRLSign, or digitalSignature: a string of 7 bits, or of 1.
    extension(
      "2.5.29.15",
      isAuthority ? der.bits(Uint8Array.of(0x06), 1) : der.bits(Uint8Array.of(0x80), 7),
      true,
    ),
    extension("2.5.29.14", der.octets(keyIdentifier(contents.publicKey))),
    authorityKeyIdentifier(issuer.key.publicKey),
    ...(contents.extensions ?? []),
  ];
  return signed(
    issuer,
    der.sequence(
      der.explicit(0, der.integer(2)),
      der.unsigned(contents.serial),
      ECDSA_WITH_SHA256,
      issuer.name,
      der.sequence(der.time(contents.notBefore), der.time(contents.notAfter)),
      contents.subject,
      der.sequence(P256_PUBLIC_KEY, der.bits(contents.publicKey)),
      der.explicit(3, der.sequence(...extensions)),
    ),
  );
}

export interface RevocationListContents {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Serial numbers. */
  readonly revoked: readonly Uint8Array[];
}

/** An X.509 v2 revocation list in DER. */
export function revocationList(issuer: Issuer, contents: RevocationListContents): Uint8Array {
  const { thisUpdate, nextUpdate } = contents;
  const entries = contents.revoked.map((serial) => der.sequence(der.unsigned(serial), der.time(thisUpdate)));
  return signed(
    issuer,
    der.sequence(
      der.integer(1),
      ECDSA_WITH_SHA256,
      issuer.name,
      der.time(thisUpdate),
      der.time(nextUpdate),
      // An empty list is left out altogether (RFC 5280 section 5.1.2.6).
      ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
      der.explicit(
        0,
        der.sequence(authorityKeyIdentifier(issuer.key.publicKey), extension("2.5.29.20", der.integer(1))),
      ),
    ),
  );
}

/** An extension in DER. */
export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

function signed(issuer: Issuer, toBeSigned: Uint8Array): Uint8Array {
  const raw = signRaw(issuer.key, toBeSigned);
  const signature = der.sequence(der.unsigned(raw.subarray(0, 32)), der.unsigned(raw.subarray(32)));
  return der.sequence(toBeSigned, ECDSA_WITH_SHA256, der.bits(signature));
}

function authorityKeyIdentifier(publicKey: Uint8Array): Uint8Array {
  return extension("2.5.29.35", der.sequence(der.implicit(0, keyIdentifier(publicKey))));
}

/** The first 160 bits of the key's SHA-256 (RFC 7093). */
function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 20);
}
