import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DescMessage } from "@bufbuild/protobuf";
import { ed25519PublicKey, hexToBytes } from "@mobilecoin-ts/crypto";
import { Point, Scalar } from "@mobilecoin-ts/curve";
import type { Codec, FieldOrder } from "@mobilecoin-ts/wire";
import { type SampleChoices, sampleMessage } from "../../packages/wire/src/testing/sample-message.ts";
import { FuzzRandom } from "./random.ts";

// Samples must be the same for every run, or a run's numbers would mean nothing: they have a seed of their own.
const random = new FuzzRandom(0x5eed, 0);

export const scalars: readonly Uint8Array[] = [
  Scalar.ZERO.toBytes(),
  Scalar.ONE.toBytes(),
  Scalar.ONE.negate().toBytes(),
  ...Array.from({ length: 20 }, () => Scalar.fromBytesWide(random.bytes(64)).toBytes()),
];

export const points: readonly Uint8Array[] = [
  Point.IDENTITY.encode(),
  Point.BASE.encode(),
  ...Array.from({ length: 20 }, () => Point.fromUniformBytes(random.bytes(64)).encode()),
];

export const ed25519Keys: readonly Uint8Array[] = Array.from({ length: 6 }, () =>
  ed25519PublicKey(random.bytes(32)),
);

/** Bytes that have rules, by message. */
const CONTENTS: Readonly<Record<string, readonly Uint8Array[] | number>> = {
  RistrettoPrivate: scalars,
  CurveScalar: scalars,
  CompressedRistretto: points,
  KeyImage: points,
  Ed25519Public: ed25519Keys,
  Ed25519Signature: 64,
  RootEntropy: 32,
  TxOutMembershipHash: 32,
  TxOutConfirmationNumber: 32,
  TxHash: 32,
  EncryptedFogHint: 84,
  EncryptedMemo: 66,
  BlockID: 32,
  BlockContentsHash: 32,
  "RevealedTxOut.amount_shared_secret": 32,
  "MintTxPrefix.nonce": 64,
  "MintConfigTxPrefix.nonce": 64,
  "MaskedAmount.masked_token_id": 8,
};

const choices: SampleChoices = {
  below: (limit) => random.below(limit),
  bytes: (length) => random.bytes(length),
  content(message, field) {
    const rule = CONTENTS[`${message}.${field}`] ?? CONTENTS[message];
    if (rule === undefined) return undefined;
    return typeof rule === "number" ? random.bytes(rule) : random.pick(rule);
  },
};

/** Random messages of a generated type, in API form, that `decode` accepts. */
export function samplesOf(
  schema: DescMessage,
  decode: (bytes: Uint8Array) => unknown,
  count = 24,
): Uint8Array[] {
  const samples: Uint8Array[] = [];
  for (let tries = 0; samples.length < count && tries < 50 * count; tries++) {
    const bytes = sampleMessage(schema, choices);
    try {
      decode(bytes);
    } catch {
      continue;
    }
    samples.push(bytes);
  }
  if (samples.length < count) throw new TypeError(`no samples of ${schema.typeName} are accepted`);
  return samples;
}

/** The same in the form asked for, by way of a declared codec. */
export function recordSamplesOf<T>(
  schema: DescMessage,
  codec: Codec<T>,
  form: FieldOrder = "store",
  count = 24,
): Uint8Array[] {
  const decode = (bytes: Uint8Array) => codec.decode(bytes, { form: "wire" });
  return samplesOf(schema, decode, count).map((bytes) => codec.encode(decode(bytes), form));
}

const vectors =
  process.env.MOBILECOIN_VECTORS ?? fileURLToPath(new URL("../../../shared/vectors", import.meta.url));

/** One field of every row of a vector file that has it as text; none where the vectors are absent. */
export function vectorTexts(path: string, field: string): string[] {
  const file = `${vectors}/${path}`;
  if (!existsSync(file)) return [];
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return rows.flatMap((line) => {
    const value = (JSON.parse(line) as Record<string, unknown>)[field];
    return typeof value === "string" ? [value] : [];
  });
}

/** The same for a field in hex. */
export function vectorBytes(path: string, field: string): Uint8Array[] {
  return vectorTexts(path, field).map(hexToBytes);
}

/** Those of `samples` that `decode` accepts. */
export function acceptedBy<Input>(decode: (input: Input) => unknown, samples: readonly Input[]): Input[] {
  return samples.filter((sample) => {
    try {
      decode(sample);
      return true;
    } catch {
      return false;
    }
  });
}

export function randomBytes(length: number): Uint8Array {
  return random.bytes(length);
}
