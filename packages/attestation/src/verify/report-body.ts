import { refusal } from "../error.ts";

/** Length of an SGX report body. */
export const REPORT_BODY_LENGTH = 384;

/** ATTRIBUTES.FLAGS.DEBUG: the host may look into the enclave. */
const FLAG_DEBUG = 0x2n;

/** What the processor says of an enclave (05 section 2.8). */
export interface ReportBody {
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
  readonly miscSelect: number;
  /** 16 bytes. */
  readonly isvExtProdId: Uint8Array;
  readonly attributesFlags: bigint;
  readonly xfrm: bigint;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** 64 bytes. */
  readonly configId: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly configSvn: number;
  /** 16 bytes. */
  readonly isvFamilyId: Uint8Array;
  /** 64 bytes. */
  readonly reportData: Uint8Array;
}

const OFFSET = {
  cpuSvn: 0,
  miscSelect: 16,
  isvExtProdId: 32,
  attributesFlags: 48,
  xfrm: 56,
  mrEnclave: 64,
  mrSigner: 128,
  configId: 192,
  isvProdId: 256,
  isvSvn: 258,
  configSvn: 260,
  isvFamilyId: 304,
  reportData: 320,
} as const;

/** Reads 384 bytes; what is reserved is not looked at. Throws `InputLength`. */
export function parseReportBody(bytes: Uint8Array): ReportBody {
  if (bytes.length !== REPORT_BODY_LENGTH) {
    throw refusal("InputLength", "report body", `${bytes.length} bytes`, `${REPORT_BODY_LENGTH}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const cut = (offset: number, length: number) => bytes.slice(offset, offset + length);
  return {
    cpuSvn: cut(OFFSET.cpuSvn, 16),
    miscSelect: view.getUint32(OFFSET.miscSelect, true),
    isvExtProdId: cut(OFFSET.isvExtProdId, 16),
    attributesFlags: view.getBigUint64(OFFSET.attributesFlags, true),
    xfrm: view.getBigUint64(OFFSET.xfrm, true),
    mrEnclave: cut(OFFSET.mrEnclave, 32),
    mrSigner: cut(OFFSET.mrSigner, 32),
    configId: cut(OFFSET.configId, 64),
    isvProdId: view.getUint16(OFFSET.isvProdId, true),
    isvSvn: view.getUint16(OFFSET.isvSvn, true),
    configSvn: view.getUint16(OFFSET.configSvn, true),
    isvFamilyId: cut(OFFSET.isvFamilyId, 16),
    reportData: cut(OFFSET.reportData, 64),
  };
}

/** 384 bytes of a body; what is left out, and what is reserved, is zero. Throws `InputLength` for a longer field. */
export function encodeReportBody(fields: Partial<ReportBody>): Uint8Array {
  const out = new Uint8Array(REPORT_BODY_LENGTH);
  const view = new DataView(out.buffer);
  const put = (name: keyof typeof OFFSET, bytes: Uint8Array | undefined, length: number) => {
    if (bytes === undefined) return;
    if (bytes.length !== length) {
      throw refusal("InputLength", `report body, ${name}`, `${bytes.length} bytes`, `${length}`);
    }
    out.set(bytes, OFFSET[name]);
  };
  put("cpuSvn", fields.cpuSvn, 16);
  view.setUint32(OFFSET.miscSelect, fields.miscSelect ?? 0, true);
  put("isvExtProdId", fields.isvExtProdId, 16);
  view.setBigUint64(OFFSET.attributesFlags, fields.attributesFlags ?? 0n, true);
  view.setBigUint64(OFFSET.xfrm, fields.xfrm ?? 0n, true);
  put("mrEnclave", fields.mrEnclave, 32);
  put("mrSigner", fields.mrSigner, 32);
  put("configId", fields.configId, 64);
  view.setUint16(OFFSET.isvProdId, fields.isvProdId ?? 0, true);
  view.setUint16(OFFSET.isvSvn, fields.isvSvn ?? 0, true);
  view.setUint16(OFFSET.configSvn, fields.configSvn ?? 0, true);
  put("isvFamilyId", fields.isvFamilyId, 16);
  put("reportData", fields.reportData, 64);
  return out;
}

/** Whether the host may look into the enclave. */
export function isDebug(body: ReportBody): boolean {
  return (body.attributesFlags & FLAG_DEBUG) !== 0n;
}
