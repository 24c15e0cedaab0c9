import { type Ballot, compareBallots, compareOptionalBallots } from "./ballot.ts";
import { type Compare, compareSequences, intersection, type ValueSet } from "./value-set.ts";

/** Values voted for and not accepted (`x`), and accepted (`y`) as nominated; both ascending, disjoint. */
export interface NominatePayload<V> {
  readonly x: ValueSet<V>;
  readonly y: ValueSet<V>;
}

/** Ballot voted for, the two highest incompatible ones accepted as prepared, and the range voted to commit. */
export interface PreparePayload<V> {
  readonly b: Ballot<V>;
  readonly p: Ballot<V> | undefined;
  readonly pp: Ballot<V> | undefined;
  readonly cn: number;
  readonly hn: number;
}

export interface CommitPayload<V> {
  readonly b: Ballot<V>;
  readonly pn: number;
  readonly cn: number;
  readonly hn: number;
}

export interface ExternalizePayload<V> {
  readonly c: Ballot<V>;
  readonly hn: number;
}

export type Nominate<V> = NominatePayload<V> & { readonly kind: "nominate" };
export type NominatePrepare<V> = NominatePayload<V> &
  PreparePayload<V> & { readonly kind: "nominatePrepare" };
export type Prepare<V> = PreparePayload<V> & { readonly kind: "prepare" };
export type Commit<V> = CommitPayload<V> & { readonly kind: "commit" };
export type Externalize<V> = ExternalizePayload<V> & { readonly kind: "externalize" };

/** What a node says about a slot (04 section 2.3). Names are the protocol's, in lower case. */
export type Topic<V> = Nominate<V> | NominatePrepare<V> | Prepare<V> | Commit<V> | Externalize<V>;

const KIND_ORDER = { nominate: 0, nominatePrepare: 1, prepare: 2, commit: 3, externalize: 4 } as const;

function compareNominate<V>(a: NominatePayload<V>, b: NominatePayload<V>, compare: Compare<V>): number {
  return (
    a.y.length - b.y.length ||
    compareSequences(a.y, b.y, compare) ||
    a.x.length - b.x.length ||
    compareSequences(a.x, b.x, compare)
  );
}

function comparePrepare<V>(a: PreparePayload<V>, b: PreparePayload<V>, compare: Compare<V>): number {
  return (
    compareBallots(a.b, b.b, compare) ||
    compareOptionalBallots(a.p, b.p, compare) ||
    compareOptionalBallots(a.pp, b.pp, compare) ||
    a.hn - b.hn
  );
}

/** The order that makes a statement newer than another. `cn` makes none newer, but for one pre-test (04 section 2.3). */
export function compareTopics<V>(a: Topic<V>, b: Topic<V>, compare: Compare<V>): number {
  switch (a.kind) {
    case "nominate":
      if (b.kind === "nominate") return compareNominate(a, b, compare);
      break;
    case "nominatePrepare":
      if (b.kind === "nominatePrepare") {
        const order = comparePrepare(a, b, compare);
        // Payloads that differ in cn alone compare as equal here, and the nominations are not asked.
        return order !== 0 || a.cn !== b.cn ? order : compareNominate(a, b, compare);
      }
      break;
    case "prepare":
      if (b.kind === "prepare") return comparePrepare(a, b, compare);
      break;
    case "commit":
      if (b.kind === "commit") return compareBallots(a.b, b.b, compare) || a.pn - b.pn || a.hn - b.hn;
      break;
    case "externalize":
      if (b.kind === "externalize") return a.hn - b.hn;
      break;
  }
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

/** Equal in every field, `cn` included: what suppresses a repeated message. */
export function topicsEqual<V>(a: Topic<V>, b: Topic<V>, compare: Compare<V>): boolean {
  if (compareTopics(a, b, compare) !== 0) return false;
  if (a.kind === "externalize") return b.kind === a.kind && compareBallots(a.c, b.c, compare) === 0;
  return !("cn" in a) || !("cn" in b) || a.cn === b.cn;
}

/** The rules a statement must keep to be looked at (04 section 2.3, "structural validity"). */
export function isValidTopic<V>(topic: Topic<V>, compare: Compare<V>): boolean {
  switch (topic.kind) {
    case "nominate":
      return isValidNominate(topic, compare);
    case "nominatePrepare":
      return isValidNominate(topic, compare) && isValidPrepare(topic, compare);
    case "prepare":
      return isValidPrepare(topic, compare);
    case "commit":
      return topic.cn <= topic.hn;
    case "externalize":
      return true;
  }
}

function isValidNominate<V>(payload: NominatePayload<V>, compare: Compare<V>): boolean {
  return intersection(payload.x, payload.y, compare).length === 0;
}

function isValidPrepare<V>({ b, p, pp, cn, hn }: PreparePayload<V>, compare: Compare<V>): boolean {
  if (p !== undefined) {
    if (compareBallots(b, p, compare) < 0) return false;
    if (pp !== undefined && compareBallots(pp, p, compare) >= 0) return false;
  }
  return cn <= hn && hn <= b.counter;
}
