import type { FuzzRandom } from "./random.ts";

const PIECES = [
  "",
  " ",
  "\n",
  "\u0000",
  "0",
  "1",
  "-1",
  "1e999",
  "18446744073709551616",
  "9007199254740993",
  "%",
  "%ff",
  "%00",
  ":",
  "/",
  "//",
  "@",
  "?",
  "#",
  "[::1]",
  "\\",
  '"',
  "{",
  "[",
  "]",
  "null",
  "true",
  "ä",
  "€",
  "😀",
  "\ud800",
  "\ufeff",
  "\u0130",
  "l",
  "O",
];

/** Between 1 and 4 changes of characters; `other` lends pieces. */
export function mutateText(random: FuzzRandom, sample: string, other: string): string {
  let text = sample;
  for (let count = 1 + random.below(4) * random.below(2); count > 0; count--) {
    text = change(random, text, other);
  }
  return text;
}

function change(random: FuzzRandom, text: string, other: string): string {
  const at = random.below(text.length + 1);
  const length = random.below(1 + Math.min(text.length - at, random.once(4) ? text.length : 4));
  const [head, tail] = [text.slice(0, at), text.slice(at + length)];
  switch (random.below(7)) {
    case 0:
      return head + tail;
    case 1:
      return head + random.pick(PIECES) + tail;
    case 2:
      return head + text.slice(at, at + length) + text.slice(at);
    case 3: {
      const from = random.below(other.length + 1);
      return head + other.slice(from, from + random.below(24)) + tail;
    }
    case 4: {
      const character = text[at] ?? "";
      const swapped =
        character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
      return head + swapped + text.slice(at + 1);
    }
    case 5:
      return head + String.fromCharCode(random.below(random.once(4) ? 0x10000 : 0x80)) + text.slice(at + 1);
    default: {
      const from = random.below(text.length + 1);
      return head + (text[from] ?? "") + text.slice(at + 1);
    }
  }
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e21,
  256,
  2 ** 32,
  "",
  "18446744073709551615",
  [],
  {},
  [[[]]],
  { __proto__: null },
];

/** A change inside a JSON document that leaves it one; texts that are none are changed blindly. */
export function mutateJson(random: FuzzRandom, sample: string, other: string): string {
  if (random.once(4)) return mutateText(random, sample, other);
  let document: Json;
  try {
    document = JSON.parse(sample) as Json;
  } catch {
    return mutateText(random, sample, other);
  }
  if (random.once(40)) return nestInItself(random, document);
  for (let count = 1 + random.below(2); count > 0; count--) document = mutateValue(random, document, 0);
  const text = JSON.stringify(document);
  return random.once(8) ? mutateText(random, text, other) : text;
}

const MARK = "\u0000mark";
const NESTED_BYTES = 200_000;

/** Puts a part of the document into itself, over and over: what recurses without a limit runs out of stack. */
function nestInItself(random: FuzzRandom, document: Json): string {
  const outer = randomPath(random, document);
  const part = valueAt(document, outer);
  const inner = randomPath(random, part);
  const [before, after] = around(part, inner);
  const limit = Math.floor(NESTED_BYTES / (before.length + after.length + 1));
  const times = Math.min(random.pick([1, 2, 50, 20_000]), limit);
  const nested = before.repeat(times) + JSON.stringify(valueAt(part, inner)) + after.repeat(times);
  const [start, end] = around(document, outer);
  return start + nested + end;
}

/** Names and positions from the root to some value. */
function randomPath(random: FuzzRandom, value: Json): string[] {
  const path: string[] = [];
  let current = value;
  while (current !== null && typeof current === "object" && !random.once(5)) {
    const names = Object.keys(current);
    if (names.length === 0) break;
    const name = random.pick(names);
    path.push(name);
    current = Reflect.get(current, name) as Json;
  }
  return path;
}

function valueAt(value: Json, path: readonly string[]): Json {
  return path.reduce<Json>((current, name) => Reflect.get(Object(current), name) as Json, value);
}

/** The text of a value before and after the place that a path leads to. */
function around(value: Json, path: readonly string[]): readonly [string, string] {
  const [before = "", after = ""] = JSON.stringify(replacedAt(value, path)).split(JSON.stringify(MARK));
  return [before, after];
}

function replacedAt(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined || value === null || typeof value !== "object") return MARK;
  const replaced = replacedAt(Reflect.get(value, name) as Json, rest);
  if (Array.isArray(value)) return value.with(Number(name), replaced);
  return { ...value, [name]: replaced };
}

function mutateValue(random: FuzzRandom, value: Json, depth: number): Json {
  if (value === null || typeof value !== "object" || depth > 8 || random.once(8)) {
    if (typeof value === "string" && random.once(2)) return mutateText(random, value, value);
    if (typeof value === "number" && random.once(2)) return value + random.pick([-1, 1, 0.5, 2 ** 32]);
    return random.pick(VALUES);
  }
  if (Array.isArray(value)) {
    const changed = [...value];
    const at = random.below(changed.length);
    switch (random.below(4)) {
      case 0:
        changed.splice(at, 1);
        break;
      case 1:
        changed.splice(at, 0, changed[at] ?? random.pick(VALUES));
        break;
      default:
        if (changed.length > 0) changed[at] = mutateValue(random, changed[at]!, depth + 1);
    }
    return changed;
  }
  const names = Object.keys(value);
  if (names.length === 0) return random.pick(VALUES);
  const name = random.pick(names);
  const changed = { ...value };
  switch (random.below(6)) {
    case 0:
      delete changed[name];
      break;
    case 1:
      changed[random.pick(names)] = value[name]!;
      break;
    case 2:
      changed[random.pick(["__proto__", "constructor", "", `${name}_`, "x"])] = value[name]!;
      break;
    default:
      changed[name] = mutateValue(random, value[name]!, depth + 1);
  }
  return changed;
}
