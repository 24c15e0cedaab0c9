/** Something committed to, and the token it claims to be of. */
export interface Tokened {
  readonly tokenId: bigint;
}

/**
 * Groups what one range proof a token covers: for each token of `{fee token} ∪ tokens of the entries`, ascending, the
 * entries of that token in their order (02 section 2.12). The fee token is there even without an entry.
 */
export function groupByToken<Entry extends Tokened>(
  feeTokenId: bigint,
  entries: readonly Entry[],
): { readonly tokenId: bigint; readonly entries: readonly Entry[] }[] {
  const tokenIds = [...new Set([feeTokenId, ...entries.map(({ tokenId }) => tokenId)])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return tokenIds.map((tokenId) => ({
    tokenId,
    entries: entries.filter((entry) => entry.tokenId === tokenId),
  }));
}
