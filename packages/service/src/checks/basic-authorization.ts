import type { BasicCredentials } from "./authenticator.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type AuthorizationHeaderFailure =
  | "Unsupported authorization method"
  | "Invalid authorization header"
  | "Invalid credentials";

/**
 * Reads an `authorization` header (04 section 2.9.1): words parted by single spaces, the first `Basic`, the second
 * standard base64 of `user:password`; further words do not count.
 * @param value one character per byte, as headers arrive
 */
export function parseBasicAuthorization(value: string): BasicCredentials | AuthorizationHeaderFailure {
  const header = utf8Text(Uint8Array.from(value, (character) => character.charCodeAt(0)));
  if (header === undefined) return "Invalid authorization header";
  const [method, encoded] = header.split(" ");
  if (method !== "Basic") return "Unsupported authorization method";
  const decoded = encoded === undefined ? undefined : base64Bytes(encoded);
  if (decoded === undefined) return "Invalid authorization header";
  const text = utf8Text(decoded);
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 0) return "Invalid credentials";
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Padded and canonical only: what the platform reads more leniently does not come out the same. */
function base64Bytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
