import {
  type Block,
  type BlockContents,
  type BlockSignature,
  blockCodec,
  blockContentsCodec,
  blockSignatureCodec,
} from "@mobilecoin-ts/ledger";
import {
  type MintConfigTx,
  membershipElementCodec,
  mintConfigCodec,
  mintConfigTxCodec,
  mintTxCodec,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
} from "@mobilecoin-ts/transaction";
import { type Codec, f, mapped, message } from "@mobilecoin-ts/wire";
import type { ConfiguredMintTx } from "../form-block.ts";
import { type TxWithProofs, txsWithProofsCodec } from "./proof-table.ts";

/** A transaction of a block, with the ledger's present proof for each of its `highestIndices`. */
export interface ProvenEncryptedTx {
  readonly wellFormedEncryptedTx: Uint8Array;
  readonly proofs: readonly TxOutMembershipProof[];
}

/** What a block is formed from (04 section 2.14.4). */
export interface FormBlockRequest {
  readonly parent: Block;
  /** In the order of the ballot. */
  readonly transactions: readonly ProvenEncryptedTx[];
  readonly mintConfigTxs: readonly MintConfigTx[];
  readonly mintTxs: readonly ConfiguredMintTx[];
  /** Root of the ledger's TxOut tree now. */
  readonly rootElement: TxOutMembershipElement;
}

export interface FormedBlock {
  readonly block: Block;
  readonly contents: BlockContents;
  /** Its `signedAt` is 0: an enclave knows no time. */
  readonly signature: BlockSignature;
}

const configuredMintTxCodec: Codec<ConfiguredMintTx> = message<ConfiguredMintTx>("ConfiguredMintTx", {
  mintTx: f.message(1, mintTxCodec),
  mintConfigTx: f.message(2, mintConfigTxCodec),
  mintConfig: f.message(3, mintConfigCodec),
});

interface RequestMessage extends Omit<FormBlockRequest, "transactions"> {
  readonly transactions: readonly TxWithProofs[];
}

export const formBlockRequestCodec: Codec<FormBlockRequest> = mapped(
  message<RequestMessage>("FormBlockRequest", {
    parent: f.message(1, blockCodec),
    transactions: f.message(2, txsWithProofsCodec),
    mintConfigTxs: f.repeated(3, mintConfigTxCodec),
    mintTxs: f.repeated(4, configuredMintTxCodec),
    rootElement: f.message(5, membershipElementCodec),
  }),
  ({ transactions, ...rest }) => ({
    ...rest,
    transactions: transactions.map(({ encryptedTx, proofs }) => ({
      wellFormedEncryptedTx: encryptedTx,
      proofs,
    })),
  }),
  ({ transactions, ...rest }) => ({
    ...rest,
    transactions: transactions.map(({ wellFormedEncryptedTx, proofs }) => ({
      encryptedTx: wellFormedEncryptedTx,
      proofs,
    })),
  }),
);

export const formedBlockCodec: Codec<FormedBlock> = message<FormedBlock>("FormedBlock", {
  block: f.message(1, blockCodec),
  contents: f.message(2, blockContentsCodec),
  signature: f.message(3, blockSignatureCodec),
});
