import {
  create,
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** Where the choices of a sample come from. */
export interface SampleChoices {
  /** An integer of 0..limit-1. */
  below(limit: number): number;
  bytes(length: number): Uint8Array;
  /** Content of a `bytes` field that has rules (a point, a key, a fixed length); undefined leaves it to chance. */
  content(message: string, field: string): Uint8Array | undefined;
}

const MAX_DEPTH = 7;
const INTERESTING = [0n, 1n, 127n, 128n, 0xffff_ffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
const TEXTS = ["", "a", "node1.test:443", "fog://fog.test", "ä€😀", "\u0000", "0\n"];

/**
 * API form of a random message of a generated type: every field, every member of every oneof and nesting of recursive
 * types come up. For tests and the fuzzer.
 */
export function sampleMessage<Schema extends DescMessage>(
  schema: Schema,
  choices: SampleChoices,
): Uint8Array {
  const message: MessageShape<Schema> = create(schema);
  fill(reflect(schema, message), choices, 0);
  return toBinary(schema, message);
}

function fill(message: ReflectMessage, choices: SampleChoices, depth: number): void {
  for (const field of message.desc.fields) {
    if (field.oneof !== undefined && message.oneofCase(field.oneof) !== undefined) continue;
    // Wrappers of bytes are nothing without their content.
    const alone = message.desc.fields.length === 1;
    if (!alone && choices.below(5) === 0) continue;
    if (field.oneof !== undefined && choices.below(field.oneof.fields.length) !== 0) continue;
    fillField(message, field, choices, depth);
  }
}

function fillField(message: ReflectMessage, field: DescField, choices: SampleChoices, depth: number): void {
  if (field.fieldKind === "message") {
    if (depth >= MAX_DEPTH) return;
    const value = create(field.message);
    const inner = reflect(field.message, value);
    fill(inner, choices, depth + 1);
    message.set(field, inner);
  } else if (field.fieldKind === "list") {
    const list = message.get(field);
    const count = depth >= MAX_DEPTH ? 0 : choices.below(4);
    for (let index = 0; index < count; index++) {
      if (field.listKind === "message") {
        const inner = reflect(field.message, create(field.message));
        fill(inner, choices, depth + 1);
        list.add(inner);
      } else if (field.listKind === "scalar") {
        list.add(scalar(message.desc, field, field.scalar, choices));
      }
    }
  } else if (field.fieldKind === "scalar") {
    message.set(field, scalar(message.desc, field, field.scalar, choices));
  }
}

function scalar(
  desc: DescMessage,
  field: DescField,
  type: ScalarType,
  choices: SampleChoices,
): Uint8Array | string | bigint | number | boolean {
  switch (type) {
    case ScalarType.BYTES:
      return choices.content(desc.name, field.name) ?? choices.bytes(choices.below(40));
    case ScalarType.STRING:
      return TEXTS[choices.below(TEXTS.length)]!;
    case ScalarType.BOOL:
      return choices.below(2) === 1;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return INTERESTING[choices.below(INTERESTING.length)]!;
    case ScalarType.UINT32:
      return Number(INTERESTING[choices.below(INTERESTING.length)]! & 0xffff_ffffn);
    default:
      throw new TypeError(`no sample for scalar type ${type}`);
  }
}
