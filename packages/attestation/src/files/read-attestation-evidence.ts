import { readFile } from "node:fs/promises";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import { type AttestationEvidence, dcapEvidenceCodec } from "@mobilecoin-ts/ledger";
import { AttestationError } from "../error.ts";
import { completeDcapEvidence, decodeResponderPayload } from "../session/evidence-payload.ts";
import { MAX_AUTH_MESSAGE_BYTES } from "../session/messages.ts";

/**
 * Evidence from a file: a `DcapEvidence` or `VerificationReport` message, or the payload of a handshake that wraps the
 * first; as bytes, or as hex. Throws `AttestationEvidenceDeserialization` when it is none of these, `MessageTooLong`
 * beyond 64 KiB, the system's error when the file cannot be read.
 */
export async function readAttestationEvidence(file: string): Promise<AttestationEvidence> {
  const content = new Uint8Array(await readFile(file));
  // Hex is twice as long, and may end in a new line.
  if (content.length > 2 * MAX_AUTH_MESSAGE_BYTES + 2) {
    throw new AttestationError(
      "MessageTooLong",
      `evidence ${file}: found ${content.length} bytes, wanted at most ${MAX_AUTH_MESSAGE_BYTES}`,
    );
  }
  const text = new TextDecoder().decode(content).trim();
  const bytes = /^(?:[0-9a-fA-F]{2})+$/.test(text) ? hexToBytes(text) : content;
  return bareDcapEvidence(bytes) ?? decodeResponderPayload(bytes);
}

/** The two messages share their first field's form, but a report's chain never decodes to whole collateral. */
function bareDcapEvidence(bytes: Uint8Array): AttestationEvidence | undefined {
  try {
    return { case: "dcapEvidence", value: completeDcapEvidence(dcapEvidenceCodec.decode(bytes)) };
  } catch {
    return undefined;
  }
}
