import { Point, Scalar } from "@mobilecoin-ts/curve";
import { equalBytes } from "./bytes.ts";
import { CryptoError } from "./error.ts";
import { Hc128Rng } from "./hc128.ts";
import { Transcript } from "./transcript.ts";

/** Length of a Ristretto signature: R (32 bytes) and s (32 bytes, the top bit marking the scheme). */
export const SCHNORRKEL_SIGNATURE_LENGTH = 64;

const MARKER = 0x80;

/** The parts of a well-formed signature. */
export interface SchnorrkelSignature {
  /** Encoding of R as received: it is compared, never decompressed. */
  readonly commitment: Uint8Array;
  readonly response: Scalar;
}

/**
 * Signs deterministically (01 section 2.5); 64 bytes. The same key, context and message give the same signature in
 * every implementation, which matters because public addresses contain one.
 */
export function schnorrkelSign(
  privateKey: Scalar,
  context: string | Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const privateBytes = privateKey.toBytes();
  const nonceTranscript = new Transcript("SigningNonce");
  nonceTranscript.append("context", context);
  nonceTranscript.append("private", privateBytes);
  nonceTranscript.append("message", message);
  const nonceSeed = nonceTranscript.challenge("nonce", 32);

  const publicKey = Point.multiplyBase(privateKey).encode();
  const transcript = signingTranscript(context, message, publicKey);
  const rng = transcript.rng(
    [{ label: "signing", witness: nonceSeed }],
    // The reference's seeded generator stands where a random one usually would.
    new Hc128Rng(nonceSeed).bytes(32),
  );
  const nonce = Scalar.fromBytesWide(rng.bytes(64));
  const commitment = Point.multiplyBase(nonce).encode();
  const challenge = challengeOf(transcript, commitment);
  const response = challenge.multiply(privateKey).add(nonce);

  const signature = new Uint8Array(SCHNORRKEL_SIGNATURE_LENGTH);
  signature.set(commitment, 0);
  signature.set(response.toBytes(), 32);
  signature[63]! |= MARKER;
  return signature;
}

/**
 * Whether `signature` is a signature of `message` under `context` by the holder of `publicKey` (32 bytes). False for
 * malformed keys and signatures too. Variable time: all inputs are public.
 */
export function schnorrkelVerify(
  publicKey: Uint8Array,
  context: string | Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const parsed = tryParse(signature);
  const point = publicKey.length === 32 ? Point.tryDecode(publicKey) : undefined;
  if (parsed === undefined || point === undefined) return false;
  const transcript = signingTranscript(context, message, publicKey);
  const challenge = challengeOf(transcript, parsed.commitment);
  const expected = Point.doubleMultiplyBasePublic(challenge.negate(), point, parsed.response);
  return equalBytes(expected.encode(), parsed.commitment);
}

/** Splits a signature. Throws `InvalidSignature` for a wrong length, a missing marker bit or a response ≥ ℓ. */
export function parseSchnorrkelSignature(signature: Uint8Array): SchnorrkelSignature {
  const parsed = tryParse(signature);
  if (parsed === undefined) {
    throw new CryptoError("InvalidSignature", "not a Ristretto signature: wrong length, marker or response");
  }
  return parsed;
}

function tryParse(signature: Uint8Array): SchnorrkelSignature | undefined {
  if (signature.length !== SCHNORRKEL_SIGNATURE_LENGTH || (signature[63]! & MARKER) === 0) return undefined;
  const response = signature.slice(32);
  response[31]! &= ~MARKER;
  try {
    return { commitment: signature.slice(0, 32), response: Scalar.fromBytes(response) };
  } catch {
    return undefined;
  }
}

function signingTranscript(
  context: string | Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): Transcript {
  const transcript = new Transcript("SigningContext");
  transcript.append("", context);
  transcript.append("sign-bytes", message);
  transcript.append("proto-name", "Schnorr-sig");
  transcript.append("sign:pk", publicKey);
  return transcript;
}

function challengeOf(transcript: Transcript, commitment: Uint8Array): Scalar {
  transcript.append("sign:R", commitment);
  return transcript.challengeScalar("sign:c");
}
