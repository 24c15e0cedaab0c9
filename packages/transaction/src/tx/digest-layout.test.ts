import { bytesToHex, Transcript, u64le, utf8 } from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { extendedMessageDigest } from "./signing-digest.ts";
import { type Tx, txHash, txPrefixHash } from "./tx.ts";

/** Digests written out step by step after 02 sections 1.2, 2.9.1 and 2.10, apart from the schemas. */
class Steps {
  readonly #transcript: Transcript;

  constructor(label: string) {
    this.#transcript = new Transcript(label);
  }

  prim(context: string, type: string, data: Uint8Array): this {
    this.#transcript.append(context, utf8("prim"));
    this.#transcript.append(type, data);
    return this;
  }

  seq(context: string, count: bigint): this {
    this.#transcript.append(context, utf8("seq"));
    this.#transcript.append("len", u64le(count));
    return this;
  }

  begin(context: string, name: string): this {
    return this.#edge(context, "agg", name);
  }

  end(context: string, name: string): this {
    return this.#edge(context, "agg-end", name);
  }

  digest(): string {
    return bytesToHex(this.#transcript.challenge("digest32", 32));
  }

  #edge(context: string, kind: string, name: string): this {
    this.#transcript.append(context, utf8(kind));
    this.#transcript.append("name", utf8(name));
    return this;
  }
}

const NO_BYTES = new Uint8Array(0);
const tx: Tx = {
  prefix: { inputs: [], outputs: [], fee: 0n, feeTokenId: 0n, tombstoneBlock: 0n },
  signature: {
    ringSignatures: [],
    pseudoOutputCommitments: [],
    rangeProofBytes: NO_BYTES,
    rangeProofs: [],
    pseudoOutputTokenIds: [],
    outputTokenIds: [],
  },
  feeMapDigest: NO_BYTES,
};

test("a prefix hashes its fee and tombstone block also where they are 0, its fee token only where it is not", () => {
  const expected = (feeTokenId?: bigint): string => {
    const steps = new Steps("digestible")
      .begin("mobilecoin-tx-prefix", "TxPrefix")
      .prim("fee", "uint", u64le(0n))
      .prim("tombstone_block", "uint", u64le(0n));
    if (feeTokenId !== undefined) steps.prim("fee_token_id", "uint", u64le(feeTokenId));
    return steps.end("mobilecoin-tx-prefix", "TxPrefix").digest();
  };
  expect(bytesToHex(txPrefixHash(tx.prefix))).toBe(expected());
  expect(bytesToHex(txPrefixHash({ ...tx.prefix, feeTokenId: 5n }))).toBe(expected(5n));
});

test("a transaction hashes its single range proof also where it is empty, and no other empty field", () => {
  const expected = new Steps("digestible")
    .begin("mobilecoin-tx", "Tx")
    .begin("prefix", "TxPrefix")
    .prim("fee", "uint", u64le(0n))
    .prim("tombstone_block", "uint", u64le(0n))
    .end("prefix", "TxPrefix")
    .begin("signature", "SignatureRctBulletproofs")
    .prim("range_proof_bytes", "bytes", NO_BYTES)
    .end("signature", "SignatureRctBulletproofs")
    .end("mobilecoin-tx", "Tx")
    .digest();
  expect(bytesToHex(txHash(tx))).toBe(expected);
});

test("an extended message omits the single range proof where it is empty", () => {
  const prefixHash = new Uint8Array(32).fill(1);
  const commitment = new Uint8Array(32).fill(2);
  const proof = Uint8Array.of(3, 4);
  const start = (): Steps =>
    new Steps("mc_extended_message")
      .prim("message", "bytes", prefixHash)
      .seq("pseudo_output_commitments", 1n)
      .prim("", "ristretto", commitment);
  const digest = (changes: Partial<Tx["signature"]>): string =>
    bytesToHex(
      extendedMessageDigest(prefixHash, {
        ...tx.signature,
        pseudoOutputCommitments: [commitment],
        ...changes,
      }),
    );
  expect(digest({})).toBe(start().digest());
  expect(digest({ rangeProofBytes: proof })).toBe(start().prim("range_proof_bytes", "bytes", proof).digest());
  expect(digest({ rangeProofs: [proof, NO_BYTES] })).toBe(
    start().seq("range_proofs", 2n).prim("", "bytes", proof).prim("", "bytes", NO_BYTES).digest(),
  );
});
