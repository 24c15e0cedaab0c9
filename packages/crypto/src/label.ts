import { utf8 } from "./bytes.ts";

/**
 * Labels are names in source code: few, and each used thousands of times. The bound keeps a caller who passes
 * data as a label from growing the cache without end.
 */
const MAX_CACHED_LABELS = 4096;
const cache = new Map<string, Uint8Array>();

/** The UTF-8 bytes of a transcript label, encoded once per name. */
export function encodeLabel(label: string | Uint8Array): Uint8Array {
  if (typeof label !== "string") return label;
  let bytes = cache.get(label);
  if (bytes === undefined) {
    bytes = utf8(label);
    if (cache.size < MAX_CACHED_LABELS) cache.set(label, bytes);
  }
  return bytes;
}
