import { PROPOSE_TX_RESULTS, type ProposeTxResult } from "@mobilecoin-ts/consensus";
import { bytesToHex, compareBytes } from "@mobilecoin-ts/crypto";
import { DEVNET_BLOCK_VERSION, type Devnet } from "@mobilecoin-ts/devnet";
import { formatTokenAmount, parseTokenAmount } from "@mobilecoin-ts/sdk";
import {
  DEFAULT_MINIMUM_FEE,
  keyImagesOf,
  TransactionError,
  type Tx,
  verifyRingCt,
} from "@mobilecoin-ts/transaction";
import {
  inventedInput,
  signHonestly,
  signUnbalanced,
  unsignedPayment,
  unspentInput,
  withBentProof,
  withOtherAmount,
} from "./attack-transactions.ts";
import { type Actor, type Cast, secondWallet } from "./cast.ts";
import { count, expectThat, type Narrator, shortHex } from "./narrator.ts";

/** Tries to cheat the node in ways open to an owner of keys, and shows its answers. */
export async function tellAttacks(narrator: Narrator, devnet: Devnet, cast: Cast): Promise<void> {
  narrator.step("Attacks");
  const attacker = cast.funded[3]!;
  const accomplice = cast.funded[2]!;
  await doubleSpend(narrator, devnet, attacker, accomplice);
  const blocks = devnet.store.blockCount();
  await inflation(narrator, devnet, attacker, accomplice);
  await wrongProof(narrator, devnet, attacker, accomplice);
  const waiting = (await devnet.status()).reduce((sum, { pendingValues = 0 }) => sum + pendingValues, 0);
  expectThat(
    devnet.store.blockCount() === blocks && waiting === 0,
    "no attack has left anything in the ledger or waiting for it",
  );
  narrator.say(
    `The ledger still has ${count(devnet.store.blockCount(), "block")}; ${count(waiting, "transaction")} ` +
      "wait for the next.",
  );
}

/** Proposes a transaction that must be refused with `expected`. */
async function requireRefused(
  narrator: Narrator,
  devnet: Devnet,
  tx: Tx,
  expected: ProposeTxResult,
): Promise<void> {
  const blocks = devnet.store.blockCount();
  const outcome = await devnet.ledger.propose(tx);
  expectThat(!outcome.accepted, `the node refuses with ${expected}`);
  const { result, message } = outcome;
  expectThat(result === expected, `the node refuses with ${expected}, not ${result}`);
  expectThat(devnet.store.blockCount() === blocks, "a refused transaction makes no block");
  narrator.detail(`refused: ${result} (${PROPOSE_TX_RESULTS[expected]})`);
  narrator.detail(`because ${message}`);
}

async function doubleSpend(
  narrator: Narrator,
  devnet: Devnet,
  attacker: Actor,
  accomplice: Actor,
): Promise<void> {
  narrator.say("Double spend: the same output paid away twice, from two devices that hold the same keys");
  const amount = parseTokenAmount("10");
  const to = accomplice.wallet.address;
  const first = await attacker.wallet.prepare({ to, amount });
  const second = await secondWallet(devnet, attacker).prepare({ to: attacker.wallet.address, amount });
  const [image] = keyImagesOf(first.tx.signature);
  const [again] = keyImagesOf(second.tx.signature);
  expectThat(
    image !== undefined && again !== undefined && compareBytes(image, again) === 0,
    "both transactions spend one output",
  );
  const submitted = await attacker.wallet.submit(first);
  const blockIndex = await submitted.confirmed({ pollInterval: 5 });
  narrator.detail(
    `first payment in block ${blockIndex}; the second shows the same key image ${shortHex(again)}`,
  );
  await requireRefused(narrator, devnet, second.tx, "ContainsSpentKeyImage");
}

async function inflation(
  narrator: Narrator,
  devnet: Devnet,
  attacker: Actor,
  accomplice: Actor,
): Promise<void> {
  const input = await unspentInput(devnet, attacker);
  const extra = parseTokenAmount("1000000");
  const available = input.value - DEFAULT_MINIMUM_FEE;
  narrator.say(
    `Inflation: ${formatTokenAmount(input.value)} in, ${formatTokenAmount(available + extra)} and the fee out`,
  );
  const to = accomplice.wallet.address;
  const inflated = await unsignedPayment(devnet, attacker, input, [{ to, value: available + extra }]);
  const refusal = ringCtRefusal(() => signHonestly(inflated, attacker));
  expectThat(refusal?.code === "ValueNotConserved", "the builder refuses with ValueNotConserved");
  narrator.detail(`the builder refuses to sign: ${refusal.code}, ${refusal.message}`);

  const forged = signUnbalanced(inflated, attacker);
  narrator.detail("so the attacker signs it anyway, with a genuine range proof and a genuine ring signature");
  await requireRefused(narrator, devnet, forged, "InvalidTransactionSignature");

  const honest = signHonestly(
    await unsignedPayment(devnet, attacker, input, [{ to, value: available }]),
    attacker,
  );
  narrator.detail(
    "or signs an honest transaction and then puts the larger commitment and masked amount into it",
  );
  await requireRefused(narrator, devnet, withOtherAmount(honest, forged), "InvalidTransactionSignature");
}

async function wrongProof(
  narrator: Narrator,
  devnet: Devnet,
  attacker: Actor,
  accomplice: Actor,
): Promise<void> {
  narrator.say("Wrong proof: one bit of a membership proof changed, the transaction signed afterwards");
  const to = accomplice.wallet.address;
  const input = await unspentInput(devnet, attacker);
  const value = input.value - DEFAULT_MINIMUM_FEE;
  const bent = signHonestly(
    withBentProof(await unsignedPayment(devnet, attacker, input, [{ to, value }])),
    attacker,
  );
  requireSignatureHolds(narrator, bent);
  await requireRefused(narrator, devnet, bent, "InvalidTxOutMembershipProof");

  const wealth = parseTokenAmount("5000000");
  narrator.say(
    `Wrong proof: an invented output of ${formatTokenAmount(wealth)}, put in the place of one that exists in its proof`,
  );
  const invented = await inventedInput(devnet, attacker, wealth);
  const spending = await unsignedPayment(devnet, attacker, invented, [
    { to, value: wealth - DEFAULT_MINIMUM_FEE },
  ]);
  const tx = signHonestly(spending, attacker);
  expectThat(
    !devnet.store.containsTxOutPublicKey(invented.txOut.publicKey),
    `the ledger does not hold ${bytesToHex(invented.txOut.publicKey)}`,
  );
  requireSignatureHolds(narrator, tx);
  await requireRefused(narrator, devnet, tx, "InvalidTxOutMembershipProof");
}

/** So that it is the proof, and nothing else, that the node refuses. */
function requireSignatureHolds(narrator: Narrator, { prefix, signature }: Tx): void {
  verifyRingCt({ blockVersion: DEVNET_BLOCK_VERSION, prefix, signature });
  narrator.detail(
    "ring signature, range proof and balance of this transaction hold; only the proof is wrong",
  );
}

/** Why a transaction cannot be signed; undefined where it can. */
function ringCtRefusal(sign: () => Tx): TransactionError | undefined {
  try {
    sign();
    return undefined;
  } catch (error) {
    if (error instanceof TransactionError && error.cause instanceof TransactionError) return error.cause;
    throw error;
  }
}
