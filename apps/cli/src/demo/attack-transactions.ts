import { DEFAULT_SUBADDRESS, type PublicAddress } from "@mobilecoin-ts/account";
import { systemRandom } from "@mobilecoin-ts/curve";
import type { Devnet } from "@mobilecoin-ts/devnet";
import { chooseMixins } from "@mobilecoin-ts/sdk";
import {
  blockVersion,
  commit,
  createTxOut,
  DEFAULT_MINIMUM_FEE,
  fakeFogHint,
  inputCredentials,
  LocalRingSigner,
  MOB_TOKEN_ID,
  proveRange,
  ringSigningMessage,
  signRings,
  signUnsignedTx,
  TransactionBuilder,
  type Tx,
  type TxOut,
  type TxOutMembershipProof,
  txOutMerkleLeaf,
  type UnsignedTx,
} from "@mobilecoin-ts/transaction";
import type { Actor } from "./cast.ts";
import { expectThat } from "./narrator.ts";

/** An output that a transaction claims to spend, as its owner found or made it. */
interface ClaimedInput {
  readonly txOut: TxOut;
  readonly proof: TxOutMembershipProof;
  readonly globalIndex: bigint;
}

/** The first unspent output of an account, with its proof. */
export async function unspentInput(
  devnet: Devnet,
  { wallet }: Actor,
): Promise<ClaimedInput & { readonly value: bigint }> {
  await wallet.sync();
  const output = wallet.outputs.find(({ spentIn }) => spentIn === undefined);
  expectThat(output !== undefined, "the attacker has an output to begin with");
  const [proven] = await devnet.ledger.provenTxOuts([output.globalIndex]);
  expectThat(proven !== undefined, "the ledger proves the attacker's output");
  return {
    txOut: proven.txOut,
    proof: proven.proof,
    globalIndex: output.globalIndex,
    value: output.amount.value,
  };
}

/** An output of any amount that the attacker makes out of nothing, as the leaf of a proof of an output that does exist. */
export async function inventedInput(devnet: Devnet, attacker: Actor, value: bigint): Promise<ClaimedInput> {
  const { blockVersion: version } = await devnet.ledger.networkState();
  const { txOut } = createTxOut({
    blockVersion: blockVersion(version),
    amount: { value, tokenId: MOB_TOKEN_ID },
    recipient: attacker.wallet.address,
    eFogHint: fakeFogHint(),
  });
  const { proof, globalIndex } = await unspentInput(devnet, attacker);
  const [leaf, ...siblings] = proof.elements;
  expectThat(leaf !== undefined, "a proof begins with its leaf");
  const forged = { ...proof, elements: [{ ...leaf, hash: txOutMerkleLeaf(txOut) }, ...siblings] };
  return { txOut, proof: forged, globalIndex };
}

/** A transaction of one input, not yet signed, and whether or not it balances. */
export async function unsignedPayment(
  devnet: Devnet,
  attacker: Actor,
  input: ClaimedInput,
  outputs: readonly { readonly to: PublicAddress; readonly value: bigint }[],
): Promise<UnsignedTx> {
  const { blockCount, txOutCount, blockVersion: version } = await devnet.ledger.networkState();
  const [mixins] = chooseMixins([input.globalIndex], txOutCount, systemRandom);
  const ring = [input, ...(await devnet.ledger.provenTxOuts(mixins ?? []))];
  const builder = new TransactionBuilder({
    blockVersion: blockVersion(version),
    fee: { value: DEFAULT_MINIMUM_FEE, tokenId: MOB_TOKEN_ID },
  });
  builder.addInput(
    inputCredentials({
      ring: ring.map(({ txOut }) => txOut),
      proofs: ring.map(({ proof }) => proof),
      realIndex: 0,
      onetimeKeyDeriveData: { kind: "subaddressIndex", index: DEFAULT_SUBADDRESS },
      opening: { viewPrivateKey: attacker.account.viewPrivateKey },
    }),
  );
  for (const { to, value } of outputs) builder.addOutput({ value, tokenId: MOB_TOKEN_ID }, to);
  builder.setTombstoneBlock(blockCount + 50n);
  return builder.buildUnsigned();
}

/** Signs as an honest wallet does, which refuses what does not balance. */
export function signHonestly(unsigned: UnsignedTx, { account }: Actor): Tx {
  return signUnsignedTx(unsigned, { signer: new LocalRingSigner(account) });
}

/**
 * Signs a transaction of one input without asking whether it balances: range proof and ring signature are genuine, and
 * blindings add up, so that nothing but the sum of the amounts can give it away.
 */
export function signUnbalanced(unsigned: UnsignedTx, { account }: Actor): Tx {
  const { txPrefix, rings, txOutUnblindingData } = unsigned;
  const [ring] = rings;
  expectThat(ring?.kind === "signable" && rings.length === 1, "the forged transaction has one input");
  const outputs = txOutUnblindingData.map(({ unmaskedAmount }) => unmaskedAmount);
  const [first, ...others] = outputs.map(({ blinding }) => blinding);
  expectThat(first !== undefined, "the forged transaction has outputs");
  const blinding = others.reduce((sum, one) => sum.add(one), first);
  const { value } = ring.ring.inputSecret.amount;
  const { proof } = proveRange(
    [value, ...outputs.map((output) => output.value)],
    [blinding, ...outputs.map((output) => output.blinding)],
    MOB_TOKEN_ID,
  );
  const parts = {
    pseudoOutputCommitments: [commit(value, blinding, MOB_TOKEN_ID).encode()],
    rangeProofBytes: new Uint8Array(0),
    rangeProofs: [proof],
  };
  const signature = signRings(
    {
      ...parts,
      ringSigningMessage: ringSigningMessage(blockVersion(unsigned.blockVersion), txPrefix, parts),
      pseudoOutputBlindings: [blinding],
      pseudoOutputTokenIds: [MOB_TOKEN_ID],
      outputTokenIds: outputs.map(({ tokenId }) => tokenId),
    },
    rings,
    new LocalRingSigner(account),
  );
  return { prefix: txPrefix, signature, feeMapDigest: new Uint8Array(0) };
}

/** The same transaction with one bit of the first membership proof's last sibling changed, to be signed afterwards. */
export function withBentProof(unsigned: UnsignedTx): UnsignedTx {
  const { txPrefix } = unsigned;
  const [input, ...otherInputs] = txPrefix.inputs;
  const [proof, ...otherProofs] = input?.proofs ?? [];
  const element = proof?.elements.at(-1);
  expectThat(input !== undefined && proof !== undefined && element !== undefined, "there is a proof to bend");
  const hash = Uint8Array.from(element.hash);
  hash[0] = hash[0]! ^ 1;
  const bent = { ...proof, elements: [...proof.elements.slice(0, -1), { ...element, hash }] };
  const inputs = [{ ...input, proofs: [bent, ...otherProofs] }, ...otherInputs];
  return { ...unsigned, txPrefix: { ...txPrefix, inputs } };
}

/** A signed transaction whose first output is replaced by one of another amount for the same keys. */
export function withOtherAmount(tx: Tx, other: Tx): Tx {
  const [output, ...others] = tx.prefix.outputs;
  const [larger] = other.prefix.outputs;
  expectThat(output !== undefined && larger !== undefined, "there is an output to replace");
  const outputs = [{ ...output, maskedAmount: larger.maskedAmount }, ...others];
  return { ...tx, prefix: { ...tx.prefix, outputs } };
}
