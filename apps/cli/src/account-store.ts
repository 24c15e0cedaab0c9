import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AccountKey,
  accountKeyOfKeyFile,
  formatKeyFile,
  type KeyFile,
  parseKeyFile,
} from "@mobilecoin-ts/account";
import { DEVNET_ACCOUNT_COUNT, devnetAccount, devnetAccountName } from "@mobilecoin-ts/devnet";
import { CliError } from "./cli-error.ts";

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/i;
const SUFFIX = ".json";

/** An account that commands refer to by name. */
export interface NamedAccount {
  readonly name: string;
  readonly key: AccountKey;
}

/**
 * The accounts of a data folder: key files under `accounts/`, readable by their owner only, and the funded accounts of
 * the local network, which are derived from its published test phrase and need no file.
 */
export class AccountStore {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, "accounts");
  }

  /** Names of all accounts, funded ones first. */
  names(): string[] {
    const saved = existsSync(this.#folder)
      ? readdirSync(this.#folder)
          .filter((file) => file.endsWith(SUFFIX))
          .map((file) => file.slice(0, -SUFFIX.length))
          .filter((name) => NAME.test(name))
          .sort()
      : [];
    return [...fundedNames(), ...saved];
  }

  /** @throws CliError when there is no account of that name or its file cannot be read. */
  open(name: string): NamedAccount {
    const funded = fundedNames().indexOf(name);
    if (funded >= 0) return { name, key: devnetAccount(funded) };
    const path = this.#path(name);
    if (!existsSync(path)) {
      throw new CliError(`there is no account "${name}"`, {
        advice: `accounts here: ${this.names().join(", ")}. Make one with: mobilecoin account new ${name}`,
      });
    }
    try {
      return { name, key: accountKeyOfKeyFile(parseKeyFile(readFileSync(path, "utf8"))) };
    } catch (cause) {
      throw new CliError(`the key file of account "${name}" (${path}) cannot be used`, { cause });
    }
  }

  /** Saves a new account; never replaces one. @throws CliError on a bad or taken name. */
  add(name: string, keyFile: KeyFile): NamedAccount {
    if (!NAME.test(name)) {
      throw new CliError(`"${name}" is not usable as a name`, {
        advice: "use up to 32 letters, digits, - and _, starting with a letter or digit",
      });
    }
    if (this.names().includes(name)) {
      throw new CliError(`an account "${name}" exists already`, {
        advice: "choose another name; nothing was changed",
      });
    }
    const text = formatKeyFile(keyFile);
    const key = accountKeyOfKeyFile(keyFile);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.#path(name), text, { mode: 0o600, flag: "wx" });
    return { name, key };
  }

  #path(name: string): string {
    if (!NAME.test(name)) throw new CliError(`"${name}" is not an account name`);
    return join(this.#folder, name + SUFFIX);
  }
}

function fundedNames(): string[] {
  return Array.from({ length: DEVNET_ACCOUNT_COUNT }, (_, index) => devnetAccountName(index));
}
