/** A part of the project that is still to come reads the rest. */
interface LaterReader {
  readonly reason: string;
  /** Paths in the subject's folder; all of it unless given. */
  readonly files?: readonly string[];
}

/** Who reads a folder of the vectors. */
export interface SubjectReader {
  /** Test files in this folder. */
  readonly tests: readonly string[];
  readonly later?: LaterReader;
}

const by = (...tests: string[]): SubjectReader => ({ tests });
const later = (reason: string): SubjectReader => ({ tests: [], later: { reason } });
const FOG = later("comes with the Fog issue");

/** Every subject of the vectors' README, in its order. */
export const SUBJECTS: ReadonlyMap<string, SubjectReader> = new Map([
  // Primitives
  ["schnorrkel", by("schnorrkel.test.ts")],
  ["slip10", by("slip10.test.ts")],
  ["bip39", by("bip39.test.ts")],
  ["digestible", by("digestible.test.ts")],
  ["merlin", by("merlin.test.ts")],
  ["rng", by("rng.test.ts")],
  ["kex_rng", by("kex-rng.test.ts")],
  ["crypto_box", by("crypto-box.test.ts")],
  // Accounts and addresses
  ["account_keys", by("account-keys.test.ts")],
  ["b58_encodings", by("b58-encodings.test.ts")],
  ["accounts", by("accounts.test.ts")],
  ["short_address_hashes", by("short-address-hashes.test.ts")],
  ["fog_authority", by("fog-authority.test.ts")],
  ["monitor_ids", by("monitor-ids.test.ts")],
  ["sample_keys", by("sample-keys.test.ts")],
  ["b58_wrappers", by("b58-wrappers.test.ts")],
  ["uris", by("uris.test.ts")],
  ["api_tokens", by("api-tokens.test.ts")],
  // Transactions
  ["amounts", by("amounts.test.ts")],
  ["key_images", by("key-images.test.ts")],
  ["tx_out_records", by("tx-out-records.test.ts")],
  ["memos", by("memos.test.ts")],
  ["tx_outs", by("tx-outs.test.ts")],
  ["memo_authentication", by("memo-authentication.test.ts")],
  ["receipts", by("receipts.test.ts")],
  ["mlsag", by("mlsag.test.ts")],
  ["bulletproofs", by("bulletproofs.test.ts")],
  ["transactions", by("transactions.test.ts", "signing_requests.test.ts", "input-rules.test.ts")],
  ["input_selection", by("input-selection.test.ts")],
  // Ledger
  ["blocks", by("blocks.test.ts")],
  ["merkle", by("merkle-trees.test.ts", "membership-proofs.test.ts")],
  ["minting", by("minting.test.ts")],
  // Consensus
  ["scp", by("scp.test.ts", "consensus-messages.test.ts")],
  ["consensus", by("consensus-leaders.test.ts", "blockchain-config.test.ts")],
  // Attestation
  ["noise", by("noise.test.ts", "attested-sessions.test.ts")],
  ["ias", by("ias.test.ts")],
  ["sgx", by("sgx.test.ts", "corruption.test.ts")],
  ["sgx_simulated", by("sgx-simulated.test.ts")],
  ["sigstruct", by("sigstruct.test.ts")],
  ["trusted_identities", by("trusted-identities.test.ts")],
  ["tls_pinning", by("tls-pinning.test.ts")],
  // Fog
  ["fog_report", FOG],
  ["fog_view", FOG],
  ["fog_balance", FOG],
]);
