import { AccountKey, encodePrintable, type PublicAddress } from "@mobilecoin-ts/account";
import {
  DEVNET_ACCOUNT_COUNT,
  DEVNET_TEST_PHRASE,
  type Devnet,
  devnetAccount,
  devnetAccountName,
} from "@mobilecoin-ts/devnet";
import { formatTokenAmount, Wallet } from "@mobilecoin-ts/sdk";
import { MOB_TOKEN_ID } from "@mobilecoin-ts/transaction";
import { count, milliseconds, type Narrator, timed } from "./narrator.ts";

/** An account that plays a part, with its wallet. */
export interface Actor {
  readonly name: string;
  readonly account: AccountKey;
  readonly wallet: Wallet;
}

/** Who plays: the funded accounts of the network, and one that starts with nothing. */
export interface Cast {
  readonly funded: readonly Actor[];
  readonly newcomer: Actor;
  /** Addresses by name, as in a wallet's contacts. */
  readonly contacts: ReadonlyMap<string, PublicAddress>;
}

export function mobOf({ wallet }: Actor): bigint {
  return wallet.balances().get(MOB_TOKEN_ID) ?? 0n;
}

export function everybody({ funded, newcomer }: Cast): readonly Actor[] {
  return [...funded, newcomer];
}

/** Introduces the accounts with their balances, found by view key. */
export async function introduceCast(narrator: Narrator, devnet: Devnet): Promise<Cast> {
  narrator.step("A local network and its accounts");
  narrator.say(
    `A temporary network was started: ${count(devnet.plan.nodes.length, "validator")}, each with its ledger and a simulated enclave in a thread.`,
  );
  narrator.say(
    `Block 0 gives all MOB to accounts of this published phrase (${DEVNET_TEST_PHRASE.split(" ").length} words; never use it elsewhere):`,
  );
  const words = DEVNET_TEST_PHRASE.split(" ");
  for (let i = 0; i < words.length; i += 12) narrator.detail(words.slice(i, i + 12).join(" "));

  const actor = (name: string, account: AccountKey): Actor => ({
    name,
    account,
    wallet: new Wallet({ account, ledger: devnet.ledger }),
  });
  const funded = Array.from({ length: DEVNET_ACCOUNT_COUNT }, (_, i) =>
    actor(devnetAccountName(i), devnetAccount(i)),
  );
  const newcomer = actor("newcomer", AccountKey.random());
  const cast = {
    funded,
    newcomer,
    contacts: new Map([...funded, newcomer].map(({ name, wallet }) => [name, wallet.address])),
  };
  const { ms } = await timed(() => Promise.all(everybody(cast).map(({ wallet }) => wallet.sync())));
  for (const one of everybody(cast)) {
    const code = encodePrintable({ kind: "publicAddress", address: one.wallet.address });
    narrator.say(
      `${one.name.padEnd(9)} ${formatTokenAmount(mobOf(one))} in ${count(one.wallet.outputs.length, "output")}, ` +
        `address ${code.slice(0, 16)}… (${code.length} characters)`,
    );
  }
  narrator.say(
    `Found by trying ${count(cast.funded.length + 1, "view key")} on ${count(devnet.store.txOutCount(), "output")}: ${milliseconds(ms)}.`,
  );
  return cast;
}

/** A second wallet of an account, as on another device: it does not know what the first is about to do. */
export function secondWallet(devnet: Devnet, { account }: Actor): Wallet {
  return new Wallet({ account, ledger: devnet.ledger });
}
