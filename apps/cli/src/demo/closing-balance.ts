import type { Devnet } from "@mobilecoin-ts/devnet";
import { verifyLedger } from "@mobilecoin-ts/ledger/store";
import { formatTokenAmount } from "@mobilecoin-ts/sdk";
import { TOTAL_MOB, UNITS_PER_MOB } from "@mobilecoin-ts/transaction";
import { type Cast, everybody, mobOf } from "./cast.ts";
import { count, expectThat, milliseconds, type Narrator, timed } from "./narrator.ts";

/** Verifies the whole ledger, and that what all accounts hold together is all the MOB there is. */
export async function tellClosingBalance(narrator: Narrator, devnet: Devnet, cast: Cast): Promise<void> {
  narrator.step("The ledger at the end");
  const { value: summary, ms } = await timed(() => verifyLedger(devnet.store));
  const blocks = devnet.store.blockCount();
  expectThat(BigInt(summary.blocks) === blocks, "every block of the ledger was verified");
  narrator.say(
    `${count(summary.blocks, "block")} verified from the origin, with ${count(summary.txOuts, "output")}, ` +
      `${count(summary.keyImages, "key image")}, ${count(summary.signatures, "signature")}: ${milliseconds(ms)}.`,
  );
  const before = cast.funded[0]!.wallet.outputs.filter(({ blockIndex }) => blockIndex === 0n);
  await Promise.all(everybody(cast).map(({ wallet }) => wallet.sync()));
  for (const one of everybody(cast)) narrator.say(`${one.name.padEnd(9)} ${formatTokenAmount(mobOf(one))}`);
  const sum = everybody(cast).reduce((total, one) => total + mobOf(one), 0n);
  const fees = mobOf(cast.funded[0]!) - before.reduce((total, { amount }) => total + amount.value, 0n);
  narrator.say(
    `Together ${formatTokenAmount(sum)}, of which ${formatTokenAmount(fees)} are fees that ${cast.funded[0]!.name} collected.`,
  );
  expectThat(sum === TOTAL_MOB * UNITS_PER_MOB, `all accounts together hold ${TOTAL_MOB} MOB`);
  narrator.say("Nothing was made and nothing was lost.");
}
