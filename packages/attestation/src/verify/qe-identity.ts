import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import { type Advisories, describeAdvisories } from "./advisories.ts";
import type { Quote } from "./quote.ts";
import { parseStatementTime } from "./signed-json.ts";
import { type JsonNode, JsonObjectReader } from "./strict-json.ts";
import { readLevelState } from "./tcb-info.ts";

const U32 = 0xffff_ffff;
const U16 = 0xffff;

interface QeLevel extends Advisories {
  readonly isvSvn: number;
  readonly tcbDate: string;
}

/** Intel's statement about its quoting enclave (05 section 2.11 B.2). Byte strings are in the order of memory. */
export interface QeIdentity {
  readonly id: string;
  readonly version: number;
  readonly issueDate: Date;
  readonly nextUpdate: Date;
  /** 4 bytes each. */
  readonly miscSelect: Uint8Array;
  readonly miscSelectMask: Uint8Array;
  /** 16 bytes each: flags and XFRM. */
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly tcbLevels: readonly QeLevel[];
}

/** Reads the value of `enclaveIdentity`. Throws `Serde`. */
export function parseQeIdentity(node: JsonNode): QeIdentity {
  const what = "QE identity";
  const identity = new JsonObjectReader(node, what);
  return {
    id: identity.string("id"),
    version: identity.unsigned("version", U32),
    issueDate: parseStatementTime(identity.string("issueDate"), what),
    nextUpdate: parseStatementTime(identity.string("nextUpdate"), what),
    miscSelect: identity.hex("miscselect", 4),
    miscSelectMask: identity.hex("miscselectMask", 4),
    attributes: identity.hex("attributes", 16),
    attributesMask: identity.hex("attributesMask", 16),
    mrSigner: identity.hex("mrsigner", 32),
    isvProdId: identity.unsigned("isvprodid", U16),
    tcbLevels: identity.list("tcbLevels", (element, at) => {
      const level = new JsonObjectReader(element, at);
      return { isvSvn: level.object("tcb").unsigned("isvsvn", U16), ...readLevelState(level, at) };
    }),
  };
}

/** The newest level that a version reaches. */
export function qeLevelOf(identity: QeIdentity, isvSvn: number): QeLevel | undefined {
  return [...identity.tcbLevels].sort((a, b) => b.isvSvn - a.isvSvn).find((level) => level.isvSvn <= isvSvn);
}

/** Throws `QeReport` unless the quote's quoting enclave is the one of the identity, and up to date. */
export function requireQeReport(quote: Quote, identity: QeIdentity): void {
  const step = "quoting enclave's report";
  const { qeReportBody: body, qeReportBytes: bytes } = quote;
  const demand = (holds: boolean, found: string, wanted: string) => {
    if (!holds) throw refusal("QeReport", step, found, wanted);
  };
  demand(
    equalBytes(body.mrSigner, identity.mrSigner),
    `MRSIGNER ${bytesToHex(body.mrSigner)}`,
    bytesToHex(identity.mrSigner),
  );
  demand(body.isvProdId === identity.isvProdId, `product ${body.isvProdId}`, `${identity.isvProdId}`);
  const miscSelect = bytes.subarray(16, 20);
  demand(
    equalUnder(identity.miscSelectMask, miscSelect, identity.miscSelect),
    `MISCSELECT ${bytesToHex(miscSelect)}`,
    `${bytesToHex(identity.miscSelect)} under mask ${bytesToHex(identity.miscSelectMask)}`,
  );
  const attributes = bytes.subarray(48, 64);
  demand(
    equalUnder(identity.attributesMask, attributes, identity.attributes),
    `ATTRIBUTES ${bytesToHex(attributes)}`,
    `${bytesToHex(identity.attributes)} under mask ${bytesToHex(identity.attributesMask)}`,
  );
  const level = qeLevelOf(identity, body.isvSvn);
  demand(
    level !== undefined && level.status === "UpToDate" && level.ids.length === 0,
    `version ${body.isvSvn}, ${level === undefined ? "below every level" : describeAdvisories(level)}`,
    "one that is UpToDate without advisories",
  );
}

function equalUnder(mask: Uint8Array, a: Uint8Array, b: Uint8Array): boolean {
  return mask.every((bits, i) => (a[i]! & bits) === (b[i]! & bits));
}
