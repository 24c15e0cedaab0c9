import type { Devnet } from "@mobilecoin-ts/devnet";
import { formatTokenAmount, type PreparedPayment, parseTokenAmount } from "@mobilecoin-ts/sdk";
import { RING_SIZE, txCodec } from "@mobilecoin-ts/transaction";
import { type Actor, type Cast, mobOf } from "./cast.ts";
import { count, expectThat, milliseconds, type Narrator, timed } from "./narrator.ts";

/** A payment that the ledger holds. */
export interface Paid {
  readonly payment: PreparedPayment;
  readonly payer: Actor;
  readonly payee: Actor;
  readonly amount: bigint;
  readonly blockIndex: bigint;
}

/** Pays the newcomer, who pays a part back; gives the first payment. */
export async function tellPayments(narrator: Narrator, devnet: Devnet, cast: Cast): Promise<Paid> {
  narrator.step("Private payments");
  const payer = cast.funded[1]!;
  const there = await pay(narrator, devnet, payer, cast.newcomer, parseTokenAmount("1250.25"));
  await pay(narrator, devnet, cast.newcomer, payer, parseTokenAmount("250.125"));
  return there;
}

async function pay(
  narrator: Narrator,
  devnet: Devnet,
  payer: Actor,
  payee: Actor,
  amount: bigint,
): Promise<Paid> {
  await Promise.all([payer.wallet.sync(), payee.wallet.sync()]);
  const before = { payer: mobOf(payer), payee: mobOf(payee) };
  const { value: payment, ms: building } = await timed(() =>
    payer.wallet.prepare({ to: payee.wallet.address, amount }),
  );
  const { prefix } = payment.tx;
  expectThat(
    prefix.inputs.every(({ ring }) => ring.length === RING_SIZE),
    `rings have ${RING_SIZE} members`,
  );
  narrator.say(
    `${payer.name} pays ${payee.name} ${formatTokenAmount(amount)}, fee ${formatTokenAmount(payment.fee)}`,
  );
  narrator.detail(
    `built and signed: ${count(prefix.inputs.length, "input")} in a ring of ${prefix.inputs[0]!.ring.length}, ` +
      `${count(prefix.outputs.length, "output")}, ${txCodec.encode(payment.tx).length} bytes: ${milliseconds(building)}`,
  );
  const { value: submitted, ms: validating } = await timed(() => payer.wallet.submit(payment));
  const { value: blockIndex, ms: confirming } = await timed(() => submitted.confirmed({ pollInterval: 5 }));
  narrator.detail(
    `validated by the node: ${milliseconds(validating)}; in block ${blockIndex} after another ${milliseconds(confirming)}`,
  );
  await payee.wallet.sync();
  expectThat(mobOf(payer) === before.payer - amount - payment.fee, "the payer has paid amount and fee");
  expectThat(mobOf(payee) === before.payee + amount, "the payee has received the amount");
  narrator.detail(
    `balances: ${payer.name} ${formatTokenAmount(mobOf(payer))}, ${payee.name} ${formatTokenAmount(mobOf(payee))}`,
  );
  expectThat(devnet.store.latestBlock().index === blockIndex, "the payment is in the newest block");
  return { payment, payer, payee, amount, blockIndex };
}
