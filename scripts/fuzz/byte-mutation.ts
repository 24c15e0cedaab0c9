import { concat } from "@mobilecoin-ts/crypto";
import type { FuzzRandom } from "./random.ts";

const NUMBERS = [0x00, 0x01, 0x7f, 0x80, 0xff];

/** Between 1 and 4 changes that know nothing of the format; `other` lends pieces. */
export function mutateBytes(random: FuzzRandom, sample: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = sample;
  for (let count = 1 + random.below(4) * random.below(2); count > 0; count--) {
    bytes = change(random, bytes, other);
  }
  return bytes;
}

function change(random: FuzzRandom, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = random.below(1 + Math.min(bytes.length - at, random.once(4) ? bytes.length : 8));
  const head = bytes.subarray(0, at);
  switch (random.below(8)) {
    case 0:
      return head.slice();
    case 1:
      return concat(head, bytes.subarray(at + length));
    case 2:
      return concat(head, random.bytes(1 + random.below(8)), bytes.subarray(at));
    case 3: {
      const from = random.below(other.length + 1);
      const piece = other.subarray(from, from + random.below(64));
      return concat(head, piece, bytes.subarray(at + length));
    }
    case 4:
      return concat(head, bytes.subarray(at, at + length), bytes.subarray(at));
    case 5: {
      const changed = bytes.slice();
      changed.fill(random.pick(NUMBERS), at, at + length);
      return changed;
    }
    case 6:
      return changeAt(bytes, at, random.pick(NUMBERS));
    default:
      return changeAt(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
  }
}

function changeAt(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = value;
  return changed;
}
