import type { AnyCalls, EnclaveDeclaration, EnclaveHandlers } from "../declaration.ts";
import { EnclaveError, type RemoteFailure } from "../error.ts";
import { decodeFrame, encodeFrame, type Frame } from "../frame.ts";
import { encodeFailure } from "../settings.ts";
import type { EnclavePlatform } from "./environment.ts";

const NO_BYTES = new Uint8Array(0);

/** Sends a frame to the host. */
export type Send = (frame: Uint8Array) => void;

/** What the host is told of an error: its code, message and data where it is one with a code, and no more otherwise. */
function failureOf(error: unknown): RemoteFailure {
  if (!(error instanceof Error)) return { code: "Failed", message: "the enclave failed", data: {} };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // The text of an error that nobody thought of may hold anything, so it stays inside.
  if (code === undefined) return { code: "Failed", message: `the enclave failed: ${error.name}`, data: {} };
  const data = "data" in error && typeof error.data === "object" && error.data !== null ? error.data : {};
  const texts = Object.entries(data).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { code, message: error.message, data: Object.fromEntries(texts) };
}

/** Answers one call: always with exactly one frame. */
export async function answerCall<Calls extends AnyCalls>(
  declaration: EnclaveDeclaration<Calls>,
  handlers: EnclaveHandlers<EnclaveDeclaration<Calls>>,
  { id, name, payload }: Frame,
): Promise<Uint8Array> {
  try {
    if (!Object.hasOwn(declaration.calls, name))
      throw new EnclaveError("UnknownCall", "there is no such call");
    const declared = declaration.calls[name];
    const handler: ((input: unknown) => unknown) | undefined = handlers[name];
    if (declared === undefined || handler === undefined) {
      throw new EnclaveError("UnknownCall", "there is no such call");
    }
    if (payload.length > declared.maxInput) {
      throw new EnclaveError("TooLarge", `the input of ${name} is longer than ${declared.maxInput} bytes`);
    }

    const output = await handler(declared.input.decode(payload));
    const bytes: Uint8Array = output === undefined ? NO_BYTES : declared.output.encode(output);
    if (bytes.length > declared.maxOutput) {
      throw new EnclaveError("TooLarge", `the output of ${name} is longer than ${declared.maxOutput} bytes`);
    }
    return encodeFrame({ kind: "result", id, name: "", payload: bytes });
  } catch (error) {
    return encodeFrame({ kind: "failure", id, name: "", payload: encodeFailure(failureOf(error)) });
  }
}

/** Answers the host's wish for the quote over the newest report. */
export function answerQuote(platform: EnclavePlatform | undefined, { id }: Frame): Uint8Array {
  const quote = platform?.lastQuote?.();
  if (quote !== undefined) return encodeFrame({ kind: "result", id, name: "", payload: quote });
  const error = new EnclaveError("Evidence", "the enclave has no quote of its own to give");
  return encodeFrame({ kind: "failure", id, name: "", payload: encodeFailure(failureOf(error)) });
}

/** The frame in bytes from the host; undefined for what is no frame, which costs nobody anything. */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    if (error instanceof EnclaveError) return undefined;
    throw error;
  }
}
