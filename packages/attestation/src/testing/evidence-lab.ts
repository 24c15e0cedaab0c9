import { bytesToHex, concat, utf8 } from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import type { DcapEvidence } from "@mobilecoin-ts/ledger";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  certificate,
  distinguishedName,
  extension,
  type Issuer,
  newSigningKey,
  rawPublicKey,
  revocationList,
  signRaw,
} from "../simulation/certificates.ts";
import { der } from "../simulation/der-writer.ts";
import { encodeReportBody, type ReportBody } from "../verify/report-body.ts";
import type { AttestationRoot } from "../verify/roots.ts";
import { reportDataHash } from "../verify/verified-evidence.ts";

/** The time the lab's statements are about. */
export const LAB_TIME = new Date("2026-06-01T00:00:00Z");
const FROM = new Date("2026-05-01T00:00:00Z");
const UNTIL = new Date("2026-07-01T00:00:00Z");
const SGX = "1.2.840.113741.1.13.1";

const names = {
  root: distinguishedName("Lab Root"),
  pckCa: distinguishedName("Lab PCK CA"),
  pck: distinguishedName("Lab PCK"),
  signer: distinguishedName("Lab TCB Signing"),
};
const keys = {
  root: newSigningKey(systemRandom),
  pckCa: newSigningKey(systemRandom),
  pck: newSigningKey(systemRandom),
  signer: newSigningKey(systemRandom),
  attestation: newSigningKey(systemRandom),
  stranger: newSigningKey(systemRandom),
};
const issuers = {
  root: { name: names.root, key: keys.root },
  pckCa: { name: names.pckCa, key: keys.pckCa },
  pck: { name: names.pck, key: keys.pck },
};
const serials = { root: 1, pckCa: 2, pck: 3, signer: 4 };

export const LAB_PROGRAM = new Uint8Array(32).fill(0xa1);
export const LAB_SIGNER = new Uint8Array(32).fill(0xb2);

/** What may be other than in order; each part is signed as it is. */
export interface LabChanges {
  readonly tcbInfo?: Readonly<Record<string, unknown>>;
  readonly qeIdentity?: Readonly<Record<string, unknown>>;
  readonly tcbLevels?: readonly { svn?: number; pceSvn?: number; status: string; ids?: readonly string[] }[];
  readonly tcbSigner?: keyof typeof keys;
  readonly qeSigner?: keyof typeof keys;
  readonly body?: Partial<ReportBody>;
  readonly qeBody?: Partial<ReportBody>;
  readonly bodySigner?: keyof typeof keys;
  readonly qeReportSigner?: keyof typeof keys;
  readonly signerIssuer?: "root" | "pckCa";
  readonly signerIsPlatform?: boolean;
  readonly pckPathLength?: number;
  readonly pckCaIsLeaf?: boolean;
  readonly pckExtension?: Uint8Array;
  readonly revoked?: readonly (keyof typeof serials)[];
  readonly rootCrlSigner?: keyof typeof keys;
  readonly pckCrlOf?: "pckCa" | "pck";
  readonly dates?: { readonly notBefore?: Date; readonly notAfter?: Date };
  readonly crlDates?: { readonly thisUpdate?: Date; readonly nextUpdate?: Date };
  /** Certificates of the quote, in other order or number. */
  readonly pckChain?: (chain: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly header?: { readonly version?: number; readonly keyType?: number; readonly vendor?: Uint8Array };
  readonly certificationType?: number;
  readonly certificationText?: (pem: string) => string;
  readonly signatureDataLength?: number;
}

export interface LabEvidence {
  readonly evidence: DcapEvidence & {
    readonly quote: Uint8Array;
    readonly collateral: NonNullable<DcapEvidence["collateral"]>;
  };
  readonly root: AttestationRoot;
}

/** The value of the SGX extension. */
export function sgxExtension(
  options: { fmspc?: Uint8Array; leaveOut?: string; pceSvn?: number } = {},
): Uint8Array {
  const { fmspc = new Uint8Array(6).fill(0xf0), leaveOut, pceSvn = 7 } = options;
  const member = (suffix: string, value: Uint8Array) =>
    leaveOut === suffix ? [] : [der.sequence(der.oid(`${SGX}.${suffix}`), value)];
  const components = Array.from({ length: 16 }, (_, i) => member(`2.${i + 1}`, der.integer(200))).flat();
  return der.sequence(
    ...member("2", der.sequence(...components, ...member("2.17", der.integer(pceSvn)))),
    ...member("3", der.octets(Uint8Array.of(0, 1))),
    ...member("4", der.octets(fmspc)),
  );
}

/** Evidence of a network's platform in order, but for the changes. */
export function labEvidence(changes: LabChanges = {}): LabEvidence {
  const dates = { notBefore: FROM, notAfter: UNTIL, ...changes.dates };
  const lists = { thisUpdate: FROM, nextUpdate: UNTIL, ...changes.crlDates };
  const issue = (
    issuer: Issuer,
    who: keyof typeof serials,
    more: { pathLength?: number; extensions?: readonly Uint8Array[] } = {},
  ) =>
    certificate(issuer, {
      ...(who === "root" ? { notBefore: FROM, notAfter: UNTIL } : dates),
      serial: Uint8Array.of(serials[who]),
      subject: names[who],
      publicKey: keys[who].publicKey,
      ...more,
    });
  const list = (issuer: Issuer, key: keyof typeof keys) =>
    revocationList(
      { name: issuer.name, key: keys[key] },
      { ...lists, revoked: (changes.revoked ?? []).map((who) => Uint8Array.of(serials[who])) },
    );
  const platform = [extension(SGX, changes.pckExtension ?? sgxExtension())];
  const root = issue(issuers.root, "root", { pathLength: 1 });
  const pckCa = issue(issuers.root, "pckCa", changes.pckCaIsLeaf === true ? {} : { pathLength: 0 });
  const pck = issue(issuers.pckCa, "pck", {
    extensions: platform,
    ...(changes.pckPathLength === undefined ? {} : { pathLength: changes.pckPathLength }),
  });
  const signerIssuer = changes.signerIssuer ?? "root";
  const signer = issue(issuers[signerIssuer], "signer", {
    extensions: changes.signerIsPlatform === true ? platform : [],
  });
  const signerChain = signerIssuer === "root" ? [signer, root] : [signer, pckCa, root];
  const pckCrlOf = changes.pckCrlOf ?? "pckCa";

  const contents = {
    nonce: new Uint8Array(16).fill(1),
    key: new Uint8Array(32).fill(2),
    customIdentity: new Uint8Array(32),
  };
  const body = encodeReportBody({
    attributesFlags: 5n,
    mrEnclave: LAB_PROGRAM,
    mrSigner: LAB_SIGNER,
    isvProdId: 3,
    isvSvn: 4,
    reportData: concat(reportDataHash(contents), new Uint8Array(32)),
    ...changes.body,
  });
  return {
    root: { der: root, kind: "development" },
    evidence: {
      quote: quoteOf(changes, body, changes.pckChain?.([pck, pckCa, root]) ?? [pck, pckCa, root]),
      collateral: {
        pckCrlIssuerChain: [pckCa, root],
        rootCaCrl: list(issuers.root, changes.rootCrlSigner ?? "root"),
        pckCrl: list(issuers[pckCrlOf], pckCrlOf),
        tcbInfoIssuerChain: signerChain,
        tcbInfo: signedJson(changes.tcbSigner ?? "signer", "tcbInfo", tcbInfoOf(changes)),
        qeIdentityIssuerChain: signerChain,
        qeIdentity: signedJson(changes.qeSigner ?? "signer", "enclaveIdentity", qeIdentityOf(changes)),
      },
      reportData: contents,
    },
  };
}

function tcbInfoOf({ tcbInfo, tcbLevels = [{ status: "UpToDate" }] }: LabChanges) {
  return {
    id: "SGX",
    version: 3,
    issueDate: "2026-05-15T00:00:00Z",
    nextUpdate: "2026-06-15T00:00:00Z",
    fmspc: "F0F0F0F0F0F0",
    pceId: "0001",
    tcbType: 0,
    tcbEvaluationDataNumber: 1,
    tcbLevels: tcbLevels.map(({ svn = 200, pceSvn = 7, status, ids }) => ({
      tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn })), pcesvn: pceSvn },
      tcbDate: "2026-01-01T00:00:00Z",
      tcbStatus: status,
      ...(ids === undefined ? {} : { advisoryIDs: ids }),
    })),
    ...tcbInfo,
  };
}

function qeIdentityOf({ qeIdentity }: LabChanges) {
  const level = (isvsvn: number, tcbStatus: string) => ({
    tcb: { isvsvn },
    tcbDate: "2026-01-01T00:00:00Z",
    tcbStatus,
  });
  return {
    id: "QE",
    version: 2,
    issueDate: "2026-05-15T00:00:00Z",
    nextUpdate: "2026-06-15T00:00:00Z",
    tcbEvaluationDataNumber: 1,
    miscselect: "00000000",
    miscselectMask: "FFFFFFFF",
    attributes: "11000000000000000000000000000000",
    attributesMask: "FBFFFFFFFFFFFFFF0000000000000000",
    mrsigner: "C3".repeat(32),
    isvprodid: 1,
    // In the wrong order, which must not matter.
    tcbLevels: [level(2, "OutOfDate"), level(5, "UpToDate")],
    ...qeIdentity,
  };
}

function signedJson(key: keyof typeof keys, member: string, value: object): string {
  const text = JSON.stringify(value);
  return `{"${member}":${text},"signature":"${bytesToHex(signRaw(keys[key], utf8(text)))}"}`;
}

function quoteOf(changes: LabChanges, body: Uint8Array, chain: readonly Uint8Array[]): Uint8Array {
  const { version = 3, keyType = 2, vendor = INTEL_QE_VENDOR } = changes.header ?? {};
  const header = concat(u16(version), u16(keyType), new Uint8Array(8), vendor, new Uint8Array(20));
  const signedPart = concat(header, body);
  const attestationKey = rawPublicKey(keys.attestation);
  const authData = Uint8Array.of(1, 2, 3);
  const qeBody = encodeReportBody({
    attributesFlags: 0x15n,
    mrSigner: new Uint8Array(32).fill(0xc3),
    isvProdId: 1,
    isvSvn: 6,
    reportData: concat(sha256(concat(attestationKey, authData)), new Uint8Array(32)),
    ...changes.qeBody,
  });
  const text = chain.map(pem).join("");
  const certification = utf8(changes.certificationText?.(text) ?? text);
  const signature = concat(
    signRaw(keys[changes.bodySigner ?? "attestation"], signedPart),
    attestationKey,
    qeBody,
    signRaw(keys[changes.qeReportSigner ?? "pck"], qeBody),
    u16(authData.length),
    authData,
    u16(changes.certificationType ?? 5),
    u32(certification.length),
    certification,
  );
  return concat(signedPart, u32(changes.signatureDataLength ?? signature.length), signature);
}

const INTEL_QE_VENDOR = Uint8Array.of(
  ...[0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07],
);

function pem(certificateDer: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...certificateDer)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function u32(value: number): Uint8Array {
  return concat(u16(value & 0xffff), u16(value >>> 16));
}
