import { CHANGE_SUBADDRESS, shortAddressHash } from "@mobilecoin-ts/account";
import { bytesToHex, compareBytes, equalBytes } from "@mobilecoin-ts/crypto";
import type { Devnet } from "@mobilecoin-ts/devnet";
import { type ActivityEntry, formatTokenAmount, type WalletTxOut } from "@mobilecoin-ts/sdk";
import { type TxOut, validateConfirmationNumber } from "@mobilecoin-ts/transaction";
import type { Actor, Cast } from "./cast.ts";
import { count, expectThat, type Narrator, shortHex } from "./narrator.ts";
import type { Paid } from "./payment-story.ts";

/** One payment through the eyes of a stranger, of the payer, and of the payee. */
export function tellViews(narrator: Narrator, devnet: Devnet, cast: Cast, paid: Paid): void {
  narrator.step("Who sees what of the first payment");
  tellStranger(narrator, devnet, paid);
  tellPayer(narrator, cast, paid);
  tellPayee(narrator, cast, paid);
}

function tellStranger(narrator: Narrator, devnet: Devnet, { payment, blockIndex, amount }: Paid): void {
  const { prefix, signature } = payment.tx;
  narrator.say("An outsider who holds the transaction itself sees:");
  for (const [i, { proofs }] of prefix.inputs.entries()) {
    const members = proofs.map(({ index }) => index).sort((a, b) => Number(a - b));
    narrator.detail(`key image ${bytesToHex(signature.ringSignatures[i]!.keyImage)}`);
    narrator.detail(`spends one of these ${members.length} outputs, by global index: ${members.join(", ")}`);
  }
  narrator.detail(`fee ${formatTokenAmount(prefix.fee)}, void from block ${prefix.tombstoneBlock}`);
  for (const [i, output] of prefix.outputs.entries()) tellOutput(narrator, output, `output ${i + 1}`, amount);

  const { keyImages, outputs } = devnet.store.blockContents(blockIndex);
  const recorded = signature.ringSignatures.every(({ keyImage }) =>
    keyImages.some((other) => compareBytes(other, keyImage) === 0),
  );
  expectThat(recorded, "the block records the key images of the payment");
  narrator.say(
    `The ledger keeps less: block ${blockIndex} holds ${count(keyImages.length, "key image")} and ` +
      `${count(outputs.length, "output")} (${outputs.length - prefix.outputs.length} of them for the fees),`,
  );
  narrator.say("but neither the rings nor the signatures.");
}

function tellOutput(
  narrator: Narrator,
  { maskedAmount, publicKey, targetKey, eMemo }: TxOut,
  name: string,
  amount: bigint,
): void {
  expectThat(maskedAmount !== undefined && eMemo !== undefined, "outputs have amounts and memos");
  expectThat(maskedAmount.maskedValue !== amount, "the amount is masked");
  narrator.detail(
    `${name}: masked amount ${maskedAmount.maskedValue.toString(16).padStart(16, "0")}, ` +
      `commitment ${shortHex(maskedAmount.commitment)},`,
  );
  narrator.detail(
    `  one-time keys ${shortHex(targetKey)} and ${shortHex(publicKey)}, encrypted memo ${shortHex(eMemo)} (${eMemo.length} bytes)`,
  );
}

function outputOf({ wallet }: Actor, matches: (output: WalletTxOut) => boolean, what: string): WalletTxOut {
  const output = wallet.outputs.find(matches);
  expectThat(output !== undefined, what);
  return output;
}

function entryOf(
  { wallet }: Actor,
  cast: Cast,
  { blockIndex }: Paid,
  kind: ActivityEntry["kind"],
): ActivityEntry {
  const entry = wallet
    .activity(cast.contacts)
    .find((one) => one.blockIndex === blockIndex && one.kind === kind);
  expectThat(entry !== undefined, `the history tells of a payment ${kind}`);
  return entry;
}

function nameOf(entry: ActivityEntry, expected: Actor): string {
  const { counterparty } = entry;
  expectThat(counterparty !== undefined, "the memo names the other side");
  expectThat(
    counterparty.contact === expected.name &&
      equalBytes(counterparty.addressHash, shortAddressHash(expected.wallet.address)),
    `the memo names ${expected.name}`,
  );
  return `${counterparty.contact} (address hash ${bytesToHex(counterparty.addressHash)})`;
}

function tellPayer(narrator: Narrator, cast: Cast, paid: Paid): void {
  const { payer, payee, amount, blockIndex } = paid;
  const entry = entryOf(payer, cast, paid, "sent");
  expectThat(entry.kind === "sent" && entry.amount === amount, "the payer's history tells the amount");
  const change = outputOf(
    payer,
    (output) => output.blockIndex === blockIndex && output.subaddressIndex === CHANGE_SUBADDRESS,
    "the payer finds the change",
  );
  narrator.say(`${payer.name}, with its keys, reads from the same block:`);
  narrator.detail(
    `sent ${formatTokenAmount(entry.amount)} to ${nameOf(entry, payee)}, fee ${formatTokenAmount(entry.fee)}`,
  );
  narrator.detail(
    `change ${formatTokenAmount(change.amount.value)} in output ${change.globalIndex}, with a ${change.memo?.kind ?? "missing"} memo`,
  );
}

function tellPayee(narrator: Narrator, cast: Cast, paid: Paid): void {
  const { payment, payer, payee, amount } = paid;
  const entry = entryOf(payee, cast, paid, "received");
  expectThat(entry.amount === amount, "the payee's history tells the amount");
  const received = outputOf(
    payee,
    ({ txOut }) => equalBytes(txOut.publicKey, payment.outputPublicKey),
    "the payee finds the output",
  );
  narrator.say(`${payee.name}, with its keys, reads:`);
  narrator.detail(`received ${formatTokenAmount(entry.amount)} in output ${received.globalIndex}`);
  narrator.detail(
    `${received.memo?.kind ?? "missing"} memo: from ${nameOf(entry, payer)}, proven by the memo's MAC`,
  );

  const proves = ({ txOut }: WalletTxOut, confirmation: Uint8Array) =>
    validateConfirmationNumber(confirmation, txOut.publicKey, payee.account.viewPrivateKey);
  const bent = Uint8Array.from(payment.confirmationNumber);
  bent[0] = bent[0]! ^ 1;
  const accepted = proves(received, payment.confirmationNumber);
  const acceptedBent = proves(received, bent);
  expectThat(accepted && !acceptedBent, "only the payer's confirmation number fits");
  narrator.detail(
    `confirmation number ${shortHex(payment.confirmationNumber)} that the payer hands over: ${accepted ? "valid" : "invalid"};`,
  );
  narrator.detail(
    `  with one bit changed: ${acceptedBent ? "valid" : "invalid"}. So the payee knows that whoever shows it made this output.`,
  );
}
