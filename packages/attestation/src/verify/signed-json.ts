import { hexToBytes, utf8 } from "@mobilecoin-ts/crypto";
import { refusal } from "../error.ts";
import type { Certificate } from "./certificate.ts";
import { areP256Scalars, verifyP256 } from "./public-key.ts";
import { type JsonNode, JsonObjectReader, parseStrictJson } from "./strict-json.ts";

/** A statement with a signature over its exact text. */
export interface SignedJson {
  readonly node: JsonNode;
  /** The member's value as it stands in the text, without white space around it. */
  readonly rawMember: string;
  /** Hex. */
  readonly signature: string;
}

/** Reads `{"<member>": value, "signature": hex}`; a repeated or missing one of the two fails. Throws `Serde`. */
export function parseSignedJson(text: string, member: string, what: string): SignedJson {
  const wrapper = new JsonObjectReader(parseStrictJson(text, what), what);
  const node = wrapper.required(member);
  return { node, rawMember: node.raw, signature: wrapper.string("signature") };
}

/** Throws `SignatureDecodeError` or `SignatureVerification` unless the signer's P-256 key signed the statement. */
export function requireSignedJson(statement: SignedJson, signer: Certificate, step: string): void {
  const { signature, rawMember } = statement;
  const bytes = /^(?:[0-9a-fA-F]{2})*$/.test(signature) ? hexToBytes(signature) : undefined;
  if (bytes === undefined || !areP256Scalars(bytes)) {
    throw refusal(
      "SignatureDecodeError",
      step,
      "a signature that is none",
      "r and s of P-256 in hex, 64 bytes",
    );
  }
  const { publicKey } = signer;
  if (publicKey.kind !== "ec" || !verifyP256(publicKey.point, utf8(rawMember), bytes)) {
    throw refusal(
      "SignatureVerification",
      step,
      "a signature that does not hold",
      `that of "${signer.subjectText}" over the exact text`,
    );
  }
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** A time as the statements write it, `YYYY-MM-DDTHH:MM:SSZ`. Throws `Serde`. */
export function parseStatementTime(text: string, what: string): Date {
  const time = new Date(text);
  // A day that the calendar does not have would come back as another.
  const isReal =
    TIME.test(text) && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19));
  if (!isReal) throw refusal("Serde", what, `"${text.slice(0, 40)}"`, "a time as YYYY-MM-DDTHH:MM:SSZ");
  return time;
}
