import { PROPOSE_TX_RESULTS, type ProposeTxResult } from "@mobilecoin-ts/consensus";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import {
  type ActivityEntry,
  type Counterparty,
  formatTokenAmount,
  parseTokenAmount,
  SdkError,
} from "@mobilecoin-ts/sdk";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { readRecipient } from "../recipient.ts";
import { printJson, printLine, printTable } from "../terminal.ts";
import { type CommandContext, contactsOf, withWallet } from "../wallet-session.ts";
import { addDataDirOption, addJsonOption, examples, type SharedOptions } from "./shared-options.ts";

interface SendOptions extends SharedOptions {
  readonly from: string;
  readonly to: string;
  readonly amount?: string;
  readonly token: string;
  readonly wait: boolean;
}

/** `mobilecoin send` and `mobilecoin activity` */
export function addPaymentCommands(program: Command, context: CommandContext): void {
  addJsonOption(addDataDirOption(program.command("send")))
    .description("pay an account, an address code, a payment request or a mob: URI")
    .requiredOption("--from <account>", "account that pays")
    .requiredOption("--to <recipient>", "account name, address code, payment request code, or mob: URI")
    .option(
      "--amount <decimal>",
      "amount in MOB (or the token's unit), such as 12.5; a payment request may bring it",
    )
    .option("--token <id>", "token id", "0")
    .option("--no-wait", "return when the node has accepted the payment, before it is in the ledger")
    .addHelpText(
      "after",
      examples(
        "mobilecoin send --from devnet-0 --to alice --amount 12.5",
        "mobilecoin send --from alice --to mob:///b58/<code> --amount 1",
      ),
    )
    .action((options: SendOptions) => send(context, options));

  addJsonOption(addDataDirOption(program.command("activity <account>")))
    .description("show what an account received and paid, as the ledger tells it")
    .addHelpText("after", examples("mobilecoin activity alice"))
    .action(async (account: string, options: SharedOptions) => {
      await withWallet(context, { account, ...options }, async (wallet, _, store) => {
        const entries = wallet.activity(contactsOf(store));
        if (options.json) return printJson(context.terminal, entries.map(toJson));
        if (entries.length === 0) return printLine(context.terminal, "nothing received, nothing paid");
        printTable(context.terminal, entries.map(toRow));
      });
    });
}

function readTokenId(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) {
    throw new CliError(`"${text}" is no token id`, { advice: "give a whole number; MOB is 0" });
  }
  return BigInt(text);
}

async function send(context: CommandContext, options: SendOptions): Promise<void> {
  const { terminal } = context;
  const { from: account, to, dataDir } = options;
  await withWallet(
    context,
    { account, ...(dataDir === undefined ? {} : { dataDir }) },
    async (wallet, _, store, signal) => {
      const recipient = readRecipient(to, store);
      const tokenId = recipient.tokenId ?? readTokenId(options.token);
      const amount =
        options.amount === undefined ? recipient.amount : parseTokenAmount(options.amount, tokenId);
      if (amount === undefined) {
        throw new CliError("nothing says how much to pay", { advice: "add --amount, such as --amount 12.5" });
      }
      if (amount === 0n) throw new CliError("an amount of zero pays nobody", { advice: "nothing was paid" });
      const { paymentRequestId } = recipient;
      const payment = await explained(() =>
        wallet.send({
          to: recipient.address,
          amount,
          tokenId,
          ...(paymentRequestId === undefined ? {} : { paymentRequestId }),
        }),
      );
      const blockIndex = options.wait
        ? await payment.confirmed(signal === undefined ? {} : { signal })
        : undefined;
      if (options.json) {
        return printJson(terminal, {
          txHash: bytesToHex(payment.txHash),
          amount,
          tokenId,
          fee: payment.fee,
          tombstoneBlock: payment.tombstoneBlock,
          outputPublicKey: bytesToHex(payment.outputPublicKey),
          confirmationNumber: bytesToHex(payment.confirmationNumber),
          blockIndex,
        });
      }
      const where = blockIndex === undefined ? "accepted by the node" : `in block ${blockIndex}`;
      printLine(
        terminal,
        `Paid ${formatTokenAmount(amount, tokenId)}, fee ${formatTokenAmount(payment.fee, tokenId)}: ${where}.`,
      );
      printLine(terminal, `Transaction ${bytesToHex(payment.txHash)}`);
    },
  );
}

/** Says what can be done about a payment that the wallet or the node refuses. */
async function explained<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (!(cause instanceof SdkError)) throw cause;
    const advice = adviceOn(cause);
    throw new CliError("the payment was not made", { cause, ...(advice === undefined ? {} : { advice }) });
  }
}

function adviceOn({ code, data }: SdkError): string | undefined {
  switch (code) {
    case "InsufficientFunds":
      return "see what the account holds: mobilecoin account balance <account>";
    case "Rejected": {
      const result = String(data.result);
      return isResult(result) ? `result ${result} (${PROPOSE_TX_RESULTS[result]})` : undefined;
    }
    default:
      return undefined;
  }
}

function isResult(name: string): name is ProposeTxResult {
  return Object.hasOwn(PROPOSE_TX_RESULTS, name);
}

function nameOf(counterparty: Counterparty | undefined): string {
  if (counterparty === undefined) return "unknown";
  return counterparty.contact ?? `address ${bytesToHex(counterparty.addressHash)}`;
}

function toRow(entry: ActivityEntry): string[] {
  const time =
    entry.time === undefined ? "" : new Date(Number(entry.time) * 1000).toISOString().replace(".000Z", "Z");
  const amount = formatTokenAmount(entry.amount, entry.tokenId);
  const others = entry.kind === "sent" && entry.recipients > 1 ? ` and ${entry.recipients - 1} more` : "";
  const direction = entry.kind === "received" ? "received" : "paid";
  const whom = `${entry.kind === "received" ? "from" : "to"} ${nameOf(entry.counterparty)}${others}`;
  const fee = entry.kind === "sent" ? `fee ${formatTokenAmount(entry.fee, entry.tokenId)}` : "";
  return [`block ${entry.blockIndex}`, time, direction, amount, whom, fee];
}

function toJson(entry: ActivityEntry): object {
  const { counterparty, ...rest } = entry;
  return {
    ...rest,
    counterparty:
      counterparty === undefined
        ? null
        : { addressHash: bytesToHex(counterparty.addressHash), contact: counterparty.contact ?? null },
  };
}
