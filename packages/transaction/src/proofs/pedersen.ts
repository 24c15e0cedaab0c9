import { onetimeHashToPoint } from "@mobilecoin-ts/crypto";
import { FixedBase, Point, Scalar } from "@mobilecoin-ts/curve";

const MAX_U64 = (1n << 64n) - 1n;

/** Generators kept. Token ids arrive from outside, garbage ones too when scanning, so the cache is bounded. */
const GENERATOR_CACHE_SIZE = 64;

/**
 * Generators that also get a table of multiples: the first ones met a second time. The garbage ids that scanning
 * other people's outputs yields do not repeat, so they never take a place.
 */
const TABLE_CACHE_SIZE = 4;

const generators = new Map<bigint, Point>();
const tables = new Map<bigint, { readonly generator: Point; readonly table: FixedBase }>();
const encodedBase = Point.BASE.encode();

/**
 * The generator `H_t` that carries values of token `t` (a u64) in commitments: `Hp` of the base point's encoding
 * with the token id XORed into its first 8 bytes, little-endian (02 section 2.3).
 *
 * @throws RangeError where the token id is no u64.
 */
export function valueGenerator(tokenId: bigint): Point {
  const known = tables.get(tokenId)?.generator ?? generators.get(tokenId);
  if (known !== undefined) return known;
  if (tokenId < 0n || tokenId > MAX_U64) throw new RangeError("token id is not an unsigned 64-bit integer");
  const altered = Uint8Array.from(encodedBase);
  for (let i = 0; i < 8; i++) altered[i]! ^= Number((tokenId >> BigInt(8 * i)) & 255n);
  const generator = onetimeHashToPoint(altered);
  if (generators.size >= GENERATOR_CACHE_SIZE) {
    const oldest = generators.keys().next();
    if (!oldest.done) generators.delete(oldest.value);
  }
  generators.set(tokenId, generator);
  return generator;
}

/** Multiples of a token's generator, where the token was met before and has a place among the tables. */
export function valueTable(tokenId: bigint): FixedBase | undefined {
  const known = tables.get(tokenId);
  if (known !== undefined) return known.table;
  const generator = generators.get(tokenId);
  if (generator === undefined || tables.size >= TABLE_CACHE_SIZE) return undefined;
  const table = new FixedBase(generator);
  tables.set(tokenId, { generator, table });
  return table;
}

/**
 * The Pedersen commitment `v·H_t + b·G` to a u64 value of token `t` under blinding `b` (02 section 2.3).
 * Constant time in value and blinding.
 *
 * @throws RangeError where value or token id is no u64.
 */
export function commit(value: bigint, blinding: Scalar, tokenId: bigint): Point {
  if (value < 0n || value > MAX_U64) throw new RangeError("value is not an unsigned 64-bit integer");
  const v = Scalar.fromBigInt(value);
  const product = valueTable(tokenId)?.multiply(v) ?? valueGenerator(tokenId).multiply(v);
  return product.add(Point.multiplyBase(blinding));
}
