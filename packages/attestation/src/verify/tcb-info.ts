import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import { type Advisories, isTcbStatus } from "./advisories.ts";
import type { PlatformTcb } from "./pck-certificates.ts";
import { type JsonNode, JsonObjectReader, stringOf } from "./strict-json.ts";

const U32 = 0xffff_ffff;
const COMPONENTS = 16;

/** A state that platforms at or above certain versions are in. */
export interface TcbLevel extends Advisories {
  readonly componentSvns: readonly number[];
  readonly pceSvn: number;
  readonly tcbDate: string;
}

/** Intel's statement about a family of platforms (05 section 2.11 B.2). */
export interface TcbInfo {
  readonly id: string;
  readonly version: number;
  readonly issueDate: string;
  readonly nextUpdate: string;
  /** 6 bytes. */
  readonly fmspc: Uint8Array;
  readonly pceId: string;
  /** In the order of the statement, which is the order they are tried in. */
  readonly tcbLevels: readonly TcbLevel[];
}

/** Reads the value of `tcbInfo`. Throws `Serde`. */
export function parseTcbInfo(node: JsonNode): TcbInfo {
  const info = new JsonObjectReader(node, "TCB info");
  const read = {
    id: info.string("id"),
    version: info.unsigned("version", U32),
    issueDate: info.string("issueDate"),
    nextUpdate: info.string("nextUpdate"),
    fmspc: info.hex("fmspc", 6),
    pceId: info.string("pceId"),
  };
  info.unsigned("tcbType", U32);
  info.unsigned("tcbEvaluationDataNumber", U32);
  return { ...read, tcbLevels: info.list("tcbLevels", readLevel) };
}

function readLevel(node: JsonNode, what: string): TcbLevel {
  const level = new JsonObjectReader(node, what);
  const tcb = level.object("tcb");
  const componentSvns = tcb.list("sgxtcbcomponents", (component, at) =>
    new JsonObjectReader(component, at).unsigned("svn", U32),
  );
  if (componentSvns.length !== COMPONENTS) {
    throw refusal("Serde", what, `${componentSvns.length} components`, `${COMPONENTS}`);
  }
  return { componentSvns, pceSvn: tcb.unsigned("pcesvn", U32), ...readLevelState(level, what) };
}

/** Date, status and advisories of a level, of platforms and quoting enclaves alike. Throws `Serde`. */
export function readLevelState(
  level: JsonObjectReader,
  what: string,
): Advisories & { readonly tcbDate: string } {
  const status = level.string("tcbStatus");
  if (!isTcbStatus(status)) {
    throw refusal("Serde", what, `status "${status.slice(0, 40)}"`, "a known status");
  }
  const ids = level.optional("advisoryIDs") === undefined ? [] : level.list("advisoryIDs", stringOf);
  return { tcbDate: level.string("tcbDate"), status, ids: [...new Set(ids)] };
}

/**
 * The first level, in the statement's order, that the platform reaches in every component. Throws `FmspcMismatch` for
 * another family of platforms, `UnsupportedTcbLevel` where it reaches none.
 */
export function tcbLevelOf(info: TcbInfo, platform: PlatformTcb): TcbLevel {
  if (!equalBytes(info.fmspc, platform.fmspc)) {
    throw refusal(
      "FmspcMismatch",
      "TCB info",
      `one about platforms ${bytesToHex(info.fmspc)}`,
      `${bytesToHex(platform.fmspc)}, as the PCK certificate says`,
    );
  }
  const level = info.tcbLevels.find(
    ({ componentSvns, pceSvn }) =>
      pceSvn <= platform.pceSvn && componentSvns.every((svn, i) => svn <= platform.componentSvns[i]!),
  );
  if (level === undefined) {
    throw refusal(
      "UnsupportedTcbLevel",
      "TCB info",
      `a platform of versions ${platform.componentSvns.join(",")} and PCE ${platform.pceSvn}`,
      "one that reaches some level",
    );
  }
  return level;
}
