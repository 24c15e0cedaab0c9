import { concat, utf8 } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { sha256 } from "@noble/hashes/sha2.js";
import { AttestationError } from "../error.ts";
import {
  certificate,
  distinguishedName,
  extension,
  newSerial,
  newSigningKey,
  rawPublicKey,
  revocationList,
  type SigningKey,
  signRaw,
} from "./certificates.ts";
import { der } from "./der-writer.ts";
import { DEVELOPMENT_NAME_PREFIX, type DevelopmentAuthority } from "./development-authority.ts";
import { simulatedReportBody } from "./measurement.ts";
import {
  SIMULATED_FMSPC,
  SIMULATED_PCE_ID,
  SIMULATED_QE,
  type SimulationProfile,
  simulatedQeIdentity,
  simulatedTcbInfo,
} from "./simulated-collateral.ts";

const DAY = 24 * 3_600_000;
/** How long a quote's collateral lasts; a report cache renews it well before. */
const VALID_DAYS = 30;
const HOUR = 3_600_000;

const PCK_CA_NAME = distinguishedName(`${DEVELOPMENT_NAME_PREFIX} SGX PCK Processor CA`);
const PCK_NAME = distinguishedName(`${DEVELOPMENT_NAME_PREFIX} SGX PCK Certificate`);
const TCB_SIGNER_NAME = distinguishedName(`${DEVELOPMENT_NAME_PREFIX} SGX TCB Signing`);

const SGX_EXTENSION = "1.2.840.113741.1.13.1";
const INTEL_QE_VENDOR = Uint8Array.of(
  ...[0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07],
);
const AUTH_DATA = Uint8Array.from({ length: 32 }, (_, i) => i);

export interface SimulatedQuotingEnclaveOptions {
  readonly authority: DevelopmentAuthority;
  readonly now: () => Date;
  readonly random?: RandomBytes;
  /** `upToDate` unless told. */
  readonly profile?: SimulationProfile;
}

/** A quote with what it is checked against. */
export interface QuoteWithCollateral {
  /** Quote v3 (05 section 2.9). */
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
}

/**
 * A platform and its quoting enclave as they would be, under a development root: real structures and signatures, made
 * by keys that prove nothing. It signs whatever report it is shown. Keys last as long as the object; certificates, lists
 * and statements are made anew with each quote and last 30 days.
 */
export class SimulatedQuotingEnclave {
  readonly #authority: DevelopmentAuthority;
  readonly #now: () => Date;
  readonly #profile: SimulationProfile;
  readonly #random: RandomBytes;
  readonly #pckCa: SigningKey;
  readonly #pck: SigningKey;
  readonly #tcbSigner: SigningKey;
  readonly #attestation: SigningKey;

  constructor(options: SimulatedQuotingEnclaveOptions) {
    const { authority, now, random = systemRandom, profile = "upToDate" } = options;
    this.#authority = authority;
    this.#now = now;
    this.#profile = profile;
    this.#random = random;
    this.#pckCa = newSigningKey(random);
    this.#pck = newSigningKey(random);
    this.#tcbSigner = newSigningKey(random);
    this.#attestation = newSigningKey(random);
  }

  /** Throws `LengthMismatch` unless the report body has 384 bytes. */
  async quote(reportBody: Uint8Array): Promise<QuoteWithCollateral> {
    if (reportBody.length !== 384) {
      throw new AttestationError(
        "LengthMismatch",
        `simulated quote: found a report body of ${reportBody.length} bytes, wanted 384`,
        { data: { field: "report_body", found: reportBody.length, required: 384 } },
      );
    }
    const now = this.#now().getTime();
    const valid = { from: new Date(now - HOUR), until: new Date(now + VALID_DAYS * DAY) };
    const stated =
      this.#profile === "expired"
        ? { from: new Date(now - 2 * VALID_DAYS * DAY), until: new Date(now - VALID_DAYS * DAY) }
        : valid;
    const dates = { notBefore: valid.from, notAfter: valid.until };
    const lists = { thisUpdate: valid.from, nextUpdate: valid.until };
    const root = this.#authority.root.der;

    const pckCa = this.#authority.issue({
      ...dates,
      serial: newSerial(this.#random),
      subject: PCK_CA_NAME,
      publicKey: this.#pckCa.publicKey,
      pathLength: 0,
    });
    const tcbSigner = this.#authority.issue({
      ...dates,
      serial: newSerial(this.#random),
      subject: TCB_SIGNER_NAME,
      publicKey: this.#tcbSigner.publicKey,
    });
    const pckIssuer = { name: PCK_CA_NAME, key: this.#pckCa };
    const pckSerial = newSerial(this.#random);
    const pck = certificate(pckIssuer, {
      ...dates,
      serial: pckSerial,
      subject: PCK_NAME,
      publicKey: this.#pck.publicKey,
      extensions: [extension(SGX_EXTENSION, sgxExtension())],
    });

    const revoked = this.#profile === "revokedPck" ? [pckSerial] : [];
    const collateral: Collateral = {
      pckCrlIssuerChain: [pckCa, root],
      rootCaCrl: this.#authority.revoke({ ...lists, revoked: [] }),
      pckCrl: revocationList(pckIssuer, { ...lists, revoked }),
      tcbInfoIssuerChain: [tcbSigner, root],
      tcbInfo: simulatedTcbInfo(this.#tcbSigner, this.#profile, stated),
      qeIdentityIssuerChain: [tcbSigner, root],
      qeIdentity: simulatedQeIdentity(this.#tcbSigner, stated),
    };
    return { quote: this.#sign(reportBody, [pck, pckCa, root]), collateral };
  }

  #sign(reportBody: Uint8Array, chain: readonly Uint8Array[]): Uint8Array {
    // Version, ECDSA P-256, no data, versions of QE and PCE, vendor, no user data.
    const header = concat(u16(3), u16(2), u32(0), u16(1), u16(1), INTEL_QE_VENDOR, new Uint8Array(20));
    const signedPart = concat(header, reportBody);
    const attestationKey = rawPublicKey(this.#attestation);
    const qeReport = simulatedReportBody({
      mrEnclave: new Uint8Array(32).fill(0xde),
      ...SIMULATED_QE,
      reportData: concat(sha256(concat(attestationKey, AUTH_DATA)), new Uint8Array(32)),
    });
    const certification = utf8(chain.map(pem).join(""));
    const signature = concat(
      signRaw(this.#attestation, signedPart),
      attestationKey,
      qeReport,
      signRaw(this.#pck, qeReport),
      u16(AUTH_DATA.length),
      AUTH_DATA,
      u16(5),
      u32(certification.length),
      certification,
    );
    return concat(signedPart, u32(signature.length), signature);
  }
}

/** The platform's data in its certificate (05 section 2.10): every security version is 1. */
function sgxExtension(): Uint8Array {
  const member = (suffix: string, value: Uint8Array) =>
    der.sequence(der.oid(`${SGX_EXTENSION}.${suffix}`), value);
  const components = Array.from({ length: 16 }, (_, i) => member(`2.${i + 1}`, der.integer(1)));
  return der.sequence(
    member("1", der.octets(new Uint8Array(16))),
    member(
      "2",
      der.sequence(
        ...components,
        member("2.17", der.integer(1)),
        member("2.18", der.octets(new Uint8Array(16).fill(1))),
      ),
    ),
    member("3", der.octets(SIMULATED_PCE_ID)),
    member("4", der.octets(SIMULATED_FMSPC)),
    member("5", der.enumerated(0)),
  );
}

function pem(certificateDer: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...certificateDer));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function u32(value: number): Uint8Array {
  return concat(u16(value & 0xffff), u16(value >>> 16));
}
