import { bytesToHex, compareBytes } from "./bytes.ts";
import { ed25519VerifyStrict } from "./ed25519.ts";

/** More signatures than this fail outright. */
export const MAX_MULTI_SIG_SIGNATURES = 10;

/**
 * Depth of nesting at which a signer set counts as invalid: the protobuf decoder of the reference refuses messages
 * nested deeper, so no such set can be received, and recursion stays bounded for sets made in memory.
 */
export const MAX_SIGNER_SET_DEPTH = 100;

/** Who must sign: at least `threshold` of the keys and nested sets together. */
export interface SignerSet {
  /** Ed25519 public keys, 32 bytes each. */
  readonly individualSigners: readonly Uint8Array[];
  readonly multiSigners: readonly SignerSet[];
  /** u32 */
  readonly threshold: number;
}

/** Whether every set within has a threshold of 1 to its number of members. */
export function isValidSignerSet(signerSet: SignerSet): boolean {
  return isValidAtDepth(signerSet, 1);
}

/**
 * Checks the signatures (64 bytes each) of a multi-signature against a signer set (01 section 2.15). Returns the
 * keys that signed, sorted and without duplicates, or undefined: the protocol gives one opaque failure.
 */
export function verifyMultiSig(
  signerSet: SignerSet,
  message: Uint8Array,
  signatures: readonly Uint8Array[],
): Uint8Array[] | undefined {
  if (!isValidSignerSet(signerSet) || signatures.length > MAX_MULTI_SIG_SIGNATURES) return undefined;
  const distinct = uniqueBytes(signatures);
  // A key may stand in many nested sets: check it once.
  const known = new Map<string, boolean>();
  const hasSigned = (key: Uint8Array): boolean => {
    const name = bytesToHex(key);
    let signed = known.get(name);
    if (signed === undefined) {
      signed = distinct.some((signature) => ed25519VerifyStrict(key, message, signature));
      known.set(name, signed);
    }
    return signed;
  };
  const matched = matchedSigners(signerSet, hasSigned);
  return matched === undefined ? undefined : uniqueBytes(matched);
}

function isValidAtDepth({ individualSigners, multiSigners, threshold }: SignerSet, depth: number): boolean {
  return (
    depth <= MAX_SIGNER_SET_DEPTH &&
    threshold >= 1 &&
    threshold <= individualSigners.length + multiSigners.length &&
    multiSigners.every((nested) => isValidAtDepth(nested, depth + 1))
  );
}

function matchedSigners(
  { individualSigners, multiSigners, threshold }: SignerSet,
  hasSigned: (key: Uint8Array) => boolean,
): Uint8Array[] | undefined {
  const matched = uniqueBytes(individualSigners).filter(hasSigned);
  let count = matched.length;
  for (const nested of uniqueSets(multiSigners)) {
    const inner = matchedSigners(nested, hasSigned);
    if (inner === undefined) continue;
    count += 1;
    matched.push(...inner);
  }
  return count >= threshold ? matched : undefined;
}

function uniqueBytes(values: readonly Uint8Array[]): Uint8Array[] {
  return values
    .toSorted(compareBytes)
    .filter((value, i, sorted) => i === 0 || compareBytes(value, sorted[i - 1]!) !== 0);
}

/** Sets that are written alike count once; the same members in another order make a different set. */
function uniqueSets(sets: readonly SignerSet[]): SignerSet[] {
  return [...new Map(sets.map((set) => [describeSet(set), set])).values()];
}

function describeSet({ individualSigners, multiSigners, threshold }: SignerSet): string {
  return `${threshold}[${individualSigners.map(bytesToHex)}][${multiSigners.map(describeSet)}]`;
}
