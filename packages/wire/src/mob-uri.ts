import { WireError } from "./error.ts";

// Any authority, then the segments `b58` and the code; further segments, query and fragment are ignored.
const MOB_URI = /^mob:(?:\/\/[^/?#]*)?\/b58\/([^/?#\s]+)(?:[/?#]|$)/;

/** The printable code in a `mob:` URI, not yet checked itself (01 section 2.14.1). @throws WireError `MobUri` */
export function parseMobUri(text: string): string {
  const code = MOB_URI.exec(text)?.[1];
  if (code === undefined) throw new WireError("MobUri", "is not of the form mob:///b58/<code>", "mob URI");
  return code;
}

/** The `mob:` URI of a printable code. */
export function formatMobUri(code: string): string {
  return `mob:///b58/${code}`;
}
