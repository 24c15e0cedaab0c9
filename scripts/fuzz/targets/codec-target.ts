import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import { type Codec, type FieldOrder, WireError } from "@mobilecoin-ts/wire";
import { acceptedBy, recordSamplesOf } from "../corpus.ts";
import { Finding, messageTarget, type Promises, type Target } from "../target.ts";

interface CodecPromises<T> {
  /** The generated type of the same message: source of samples, and oracle. */
  readonly schema?: DescMessage;
  readonly samples?: readonly Uint8Array[];
  readonly weight: number;
  /** The form that is read and written; only the wire form of messages with nested strings has an oracle. */
  readonly form?: FieldOrder;
  readonly also?: Promises<Uint8Array, T>["also"];
}

/** A declared codec: fails with WireError only, and reads what the generated code makes of the same bytes. */
export function codecTarget<T>(name: string, codec: Codec<T>, promises: CodecPromises<T>): Target {
  const { schema, weight, also, form = "store" } = promises;
  const decode = (bytes: Uint8Array) => codec.decode(bytes, { form });
  const given = acceptedBy(decode, promises.samples ?? []);
  return messageTarget<T>({
    name,
    weight,
    samples: [...given, ...(schema === undefined ? [] : recordSamplesOf(schema, codec, form))],
    errors: [WireError],
    decode,
    encode: (value) => codec.encode(value, form),
    also(value, input) {
      // A share of the inputs only: the generated code is the slower of the two.
      if (schema !== undefined && (input.length & 3) === 0)
        compareWithGenerated(codec, schema, form, value, input);
      also?.(value, input);
    },
  });
}

function compareWithGenerated<T>(
  codec: Codec<T>,
  schema: DescMessage,
  form: FieldOrder,
  value: T,
  input: Uint8Array,
): void {
  let generated: Uint8Array;
  try {
    generated = toBinary(schema, fromBinary(schema, input));
  } catch {
    // Stricter here and there (padded tags); what both take must be the same.
    return;
  }
  const own = codec.encode(value);
  const other = codec.encode(codec.decode(generated, { form }));
  if (!equalBytes(own, other)) {
    throw new Finding(
      `the generated code reads another value: ${bytesToHex(own)} against ${bytesToHex(other)}`,
    );
  }
}
