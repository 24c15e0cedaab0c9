/** Total order of values: negative, zero or positive. */
export type Compare<V> = (a: V, b: V) => number;

/** Ascending, without repeats. */
export type ValueSet<V> = readonly V[];

export function valueSet<V>(values: Iterable<V>, compare: Compare<V>): ValueSet<V> {
  const sorted = [...values].sort(compare);
  return sorted.filter((value, i) => i === 0 || compare(sorted[i - 1] as V, value) !== 0);
}

export function hasValue<V>(set: ValueSet<V>, value: V, compare: Compare<V>): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(set[middle] as V, value);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

export function union<V>(a: ValueSet<V>, b: ValueSet<V>, compare: Compare<V>): ValueSet<V> {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return valueSet([...a, ...b], compare);
}

export function intersection<V>(a: ValueSet<V>, b: ValueSet<V>, compare: Compare<V>): ValueSet<V> {
  return a.filter((value) => hasValue(b, value, compare));
}

export function difference<V>(a: ValueSet<V>, b: ValueSet<V>, compare: Compare<V>): ValueSet<V> {
  return b.length === 0 ? a : a.filter((value) => !hasValue(b, value, compare));
}

/** Lexicographic order; a proper prefix is smaller. */
export function compareSequences<V>(a: readonly V[], b: readonly V[], compare: Compare<V>): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compare(a[i] as V, b[i] as V);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
