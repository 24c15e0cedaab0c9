import { CryptoError } from "./error.ts";

/** Labels in use: keys, and the 76-byte form of an Ed25519 signature. */
export type PemLabel = "PUBLIC KEY" | "PRIVATE KEY" | "SIGNATURE";

const LINE_LENGTH = 64;

/** PEM text of a DER object, with 64-column lines and a final newline. */
export function encodePem(label: PemLabel, der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der));
  const lines = base64.match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** DER bytes of the only PEM block in `text`, which must carry `label`. Throws `InvalidPem`. */
export function decodePem(label: PemLabel, text: string): Uint8Array {
  const match = /^\s*-----BEGIN ([A-Z ]+)-----\s([A-Za-z0-9+/=\s]*)-----END ([A-Z ]+)-----\s*$/.exec(text);
  if (match === null || match[1] !== label || match[3] !== label) {
    throw new CryptoError("InvalidPem", `expected one PEM block labelled ${label}`);
  }
  const base64 = match[2]!.replace(/\s+/g, "");
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw new CryptoError("InvalidPem", "the body of the PEM block is not base64", { cause });
  }
}
