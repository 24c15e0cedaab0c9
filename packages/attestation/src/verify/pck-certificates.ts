import { base64 } from "@scure/base";
import { refusal } from "../error.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { DER_TAG, DerReader, dottedOid, readDerSequence, smallInteger } from "./der.ts";
import type { Quote } from "./quote.ts";

/** Certification data that is a chain of certificates in PEM, the only kind in use. */
const PEM_CHAIN = 5;
const MAX_CERTIFICATES = 10;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\s]*?)-----END CERTIFICATE-----/g;
const LINE = /.{1,64}/g;

/** Object identifier of the extension that tells a platform's state. */
export const SGX_EXTENSION = "1.2.840.113741.1.13.1";
const STEP = "PCK certificate";
const TCB_COMPONENTS = 16;
const FMSPC_LENGTH = 6;

/** What the certificate of a platform's certification key says of the platform (05 section 2.10). */
export interface PlatformTcb {
  /** Security versions of the 16 components. */
  readonly componentSvns: readonly number[];
  readonly pceSvn: number;
  /** 6 bytes. */
  readonly fmspc: Uint8Array;
  /** 2 bytes; undefined where the certificate does not say. */
  readonly pceId: Uint8Array | undefined;
}

/**
 * The certificates in a quote, leaf first. Strictly, the text must be the one way to write them: lines of 64, LF, at
 * most one NUL behind. Throws `UnsupportedQuoteCertificationData`, `Der`, `NotCanonical`.
 */
export function pckChainOf(quote: Quote, strict: boolean): Certificate[] {
  const step = "quote's certificates";
  if (quote.certificationDataType !== PEM_CHAIN) {
    throw refusal(
      "UnsupportedQuoteCertificationData",
      step,
      `certification data of type ${quote.certificationDataType}`,
      `type ${PEM_CHAIN}, a chain in PEM`,
    );
  }
  const raw = new TextDecoder("latin1").decode(quote.certificationData);
  const text = raw.replace(/\0+$/, "");
  const blocks = [...text.matchAll(PEM_BLOCK)].map((match) => match[1]!.replace(/\s+/g, ""));
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES) {
    throw refusal("Der", step, `${blocks.length} certificates`, `1 to ${MAX_CERTIFICATES}`);
  }
  const ders = blocks.map((block) => {
    try {
      return base64.decode(block);
    } catch (cause) {
      throw refusal("Der", step, "a PEM block that is no base64", "base64", cause);
    }
  });
  if (strict && (ders.map(pem).join("") !== text || raw.length > text.length + 1)) {
    throw refusal(
      "NotCanonical",
      step,
      "PEM with other bytes than it needs",
      "lines of 64 and nothing between",
    );
  }
  return ders.map((der) => parseCertificate(der, step));
}

function pem(der: Uint8Array): string {
  const lines = base64.encode(der).match(LINE) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Reads the SGX extension of a leaf. Throws `MissingSgxExtension`, `Der`, `FmspcSize`. */
export function platformTcbOf(leaf: Certificate): PlatformTcb {
  const extension = leaf.extensions.get(SGX_EXTENSION);
  if (extension === undefined) throw missing(SGX_EXTENSION);
  const values = valuesOf(readDerSequence(extension, STEP));
  const fmspc = values.get(`${SGX_EXTENSION}.4`);
  if (fmspc === undefined) throw missing(`${SGX_EXTENSION}.4`);
  if (fmspc.tag !== DER_TAG.octetString) throw refusal("Der", STEP, "an FMSPC of another type", "octets");
  if (fmspc.content.length !== FMSPC_LENGTH) {
    throw refusal("FmspcSize", STEP, `an FMSPC of ${fmspc.content.length} bytes`, `${FMSPC_LENGTH}`);
  }
  const tcb = values.get(`${SGX_EXTENSION}.2`);
  if (tcb === undefined) throw missing(`${SGX_EXTENSION}.2`);
  if (tcb.tag !== DER_TAG.sequence) throw refusal("Der", STEP, "a TCB of another type", "a sequence");
  const versions = valuesOf(new DerReader(tcb.content, STEP));
  const version = (index: number) => {
    const oid = `${SGX_EXTENSION}.2.${index}`;
    const value = versions.get(oid);
    if (value === undefined) throw missing(oid);
    if (value.tag !== DER_TAG.integer) throw refusal("Der", STEP, `${oid} of another type`, "an integer");
    return smallInteger(value, STEP);
  };
  const pceSvn = version(TCB_COMPONENTS + 1);
  const pceId = values.get(`${SGX_EXTENSION}.3`);
  return {
    componentSvns: Array.from({ length: TCB_COMPONENTS }, (_, i) => version(i + 1)),
    pceSvn,
    fmspc: fmspc.content.slice(),
    pceId: pceId?.tag === DER_TAG.octetString ? pceId.content.slice() : undefined,
  };
}

/** Values by object identifier; the first of an identifier counts. */
function valuesOf(pairs: DerReader): Map<string, ReturnType<DerReader["next"]>> {
  const values = new Map<string, ReturnType<DerReader["next"]>>();
  while (!pairs.done) {
    const pair = pairs.sequence();
    const oid = dottedOid(pair.next(DER_TAG.objectIdentifier), STEP);
    const value = pair.next();
    pair.end();
    if (!values.has(oid)) values.set(oid, value);
  }
  return values;
}

function missing(oid: string) {
  return refusal("MissingSgxExtension", STEP, `no value ${oid}`, "one");
}
