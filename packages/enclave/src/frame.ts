import { concat, utf8 } from "@mobilecoin-ts/crypto";
import { EnclaveError } from "./error.ts";

/** Kinds of frames; the same whatever carries them. */
export const FRAME_KINDS = {
  /** Host to enclave: the settings it starts with. */
  start: 1,
  /** Host to enclave: a call, by name. */
  call: 2,
  /** Enclave to host: it takes calls now. */
  ready: 3,
  /** Enclave to host: the result of a call. */
  result: 4,
  /** Enclave to host: why a call failed. */
  failure: 5,
  /** Enclave to host: a line for the log, its level as the name. */
  log: 6,
  /** Host to enclave: asks for the quote over the newest report. */
  quote: 7,
} as const;

export type FrameKind = keyof typeof FRAME_KINDS;

/** One message across the boundary. */
export interface Frame {
  readonly kind: FrameKind;
  /** Pairs results with calls; 0 where there is none to pair. */
  readonly id: number;
  /** Name of the call, or level of the log line. */
  readonly name: string;
  readonly payload: Uint8Array;
}

/** kind (1), id (4, little-endian), length of the name (1). */
const HEADER_LENGTH = 6;
const MAX_NAME = 255;

const KIND_NAMES: ReadonlyMap<number, FrameKind> = new Map(
  Object.entries(FRAME_KINDS).map(([name, value]) => [value, name as FrameKind]),
);

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A frame in bytes: header, name, payload. */
export function encodeFrame({ kind, id, name, payload }: Frame): Uint8Array {
  const nameBytes = utf8(name);
  if (nameBytes.length > MAX_NAME) throw new EnclaveError("Protocol", "a name of the boundary is too long");
  const header = new Uint8Array(HEADER_LENGTH);
  header[0] = FRAME_KINDS[kind];
  new DataView(header.buffer).setUint32(1, id, true);
  header[5] = nameBytes.length;
  return concat(header, nameBytes, payload);
}

/** @throws EnclaveError `Protocol` */
export function decodeFrame(bytes: Uint8Array): Frame {
  const kind = bytes[0] === undefined ? undefined : KIND_NAMES.get(bytes[0]);
  const nameLength = bytes[5];
  if (kind === undefined || nameLength === undefined || bytes.length < HEADER_LENGTH + nameLength) {
    throw new EnclaveError("Protocol", "what crossed the boundary is no frame");
  }
  const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
  try {
    const name = decoder.decode(bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + nameLength));
    return { kind, id, name, payload: bytes.subarray(HEADER_LENGTH + nameLength) };
  } catch (cause) {
    throw new EnclaveError("Protocol", "a frame's name is no text", { cause });
  }
}
