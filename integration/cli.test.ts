import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../apps/cli/src/main.ts", import.meta.url));

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as its user would, in a process of its own. */
function mobilecoin(words: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, out, err })));
}

let folder: string;
const dataDir = () => ["--data-dir", join(folder, "net")];
const commands = (...lines: readonly string[]) => `${lines.join("\n")}\n`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
  const made = await mobilecoin(["devnet", ...dataDir()], commands("account new alice", "exit"));
  expect(made).toMatchObject({ status: 0, err: "" });
  expect(made.out).toMatch(/network made in .* 3 validators \(dense3\), 1 block\./);
  expect(made.out).toMatch(/devnet-3 +62 500 000 MOB/);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("mobilecoin", () => {
  test("shows complete help for every command", async () => {
    const { out } = await mobilecoin(["--help"]);
    for (const name of [
      "devnet",
      "account",
      "send",
      "activity",
      "ledger",
      "signer",
      "mint-client",
      "consensus-tool",
      "demo",
    ])
      expect(out).toContain(name);
    const pages = [
      ["devnet"],
      ["account", "new"],
      ["account", "import"],
      ["send"],
      ["activity"],
      ["ledger", "verify"],
      ["ledger", "import"],
      ["signer", "sign-tx"],
      ["mint-client", "generate-and-submit-mint-tx"],
      ["consensus-tool", "wait-for-quiet"],
      ["demo"],
    ];
    for (const words of pages) {
      const page = await mobilecoin([...words, "--help"]);
      expect(page).toMatchObject({ status: 0, err: "" });
      expect(page.out).toContain(`Usage: mobilecoin ${words.join(" ")}`);
    }
  });

  test("pays at the prompt, and one-shot commands tell the same afterwards", async () => {
    const session = await mobilecoin(
      ["devnet", ...dataDir()],
      commands("send --from devnet-0 --to alice --amount 12.5", "account balance alice", "activity alice"),
    );
    expect(session.status).toBe(0);
    expect(session.out).toContain("network reopened");
    expect(session.out).toMatch(/Paid 12\.5 MOB, fee 0\.0004 MOB: in block \d+\./);
    expect(session.out).toMatch(/received +12\.5 MOB +from devnet-0/);
    expect((await mobilecoin(["account", "balance", "alice", ...dataDir()])).out).toBe("12.5 MOB\n");

    const back = await mobilecoin([
      "send",
      "--from",
      "alice",
      "--to",
      "devnet-1",
      "--amount",
      "2",
      "--json",
      ...dataDir(),
    ]);
    expect(JSON.parse(back.out)).toMatchObject({ amount: "2000000000000", fee: "400000000", tokenId: "0" });
    const activity = await mobilecoin(["activity", "alice", "--json", ...dataDir()]);
    expect(JSON.parse(activity.out)).toMatchObject([
      { kind: "received", amount: "12500000000000", counterparty: { contact: "devnet-0" } },
      { kind: "sent", amount: "2000000000000", counterparty: { contact: "devnet-1" } },
    ]);
    expect(existsSync(join(folder, "net/node.json"))).toBe(false);
    expect(statSync(join(folder, "net/accounts/alice.json")).mode & 0o077).toBe(0);
  });

  test("survives lines that cannot be read or done at the prompt", async () => {
    const session = await mobilecoin(
      ["devnet", ...dataDir()],
      commands('send --from "devnet-0', "account import carol", "account balance devnet-0"),
    );
    expect(session.status).toBe(1);
    expect(session.err).toMatch(/quotation mark " is left open/);
    expect(session.err).toMatch(/the prompt cannot ask for a phrase/);
    expect(session.out).toContain("The network has stopped");
    const nothing = ["send", "--from", "devnet-0", "--to", "devnet-1", "--amount", "0", ...dataDir()];
    expect(await mobilecoin(nothing)).toMatchObject({ status: 1, out: "" });
  });

  test("stops cleanly on a signal while it waits for lines", async () => {
    const child = spawn(process.execPath, [main, "devnet", ...dataDir()], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.write("account list\n");
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("their phrase is public")) resolve();
      });
    });
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    expect(existsSync(join(folder, "net/node.json"))).toBe(false);
  });

  test("pays an address code and a mob: URI", async () => {
    const { address } = JSON.parse(
      (await mobilecoin(["account", "address", "devnet-3", "--json", ...dataDir()])).out,
    );
    for (const to of [address, `mob:///b58/${address}`]) {
      const paid = await mobilecoin([
        "send",
        "--from",
        "devnet-2",
        "--to",
        to,
        "--amount",
        "0.5",
        ...dataDir(),
      ]);
      expect(paid).toMatchObject({ status: 0 });
    }
  });

  test("imports an account from its phrase", async () => {
    const phrase =
      "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    const imported = await mobilecoin(["account", "import", "bob", ...dataDir()], phrase);
    expect(imported).toMatchObject({ status: 0 });
    expect(imported.out + imported.err).not.toContain("abandon");
    const taken = await mobilecoin(["account", "new", "bob", ...dataDir()]);
    expect(taken).toMatchObject({ status: 1, out: "" });
    expect(taken.err).toContain("nothing was changed");
  });

  test.each<[string, string[], number, RegExp]>([
    ["an unknown command", ["fly"], 2, /unknown command 'fly'/],
    ["a missing option", ["send", "--from", "alice"], 2, /required option '--to/],
    ["an unknown account", ["account", "balance", "nobody"], 1, /there is no account "nobody"[\s\S]*alice/],
    [
      "a bad amount",
      ["send", "--from", "alice", "--to", "bob", "--amount", "1e3"],
      1,
      /decimal number such as 12\.5/,
    ],
    [
      "a bad recipient",
      ["send", "--from", "alice", "--to", "xyz", "--amount", "1"],
      1,
      /neither an account here nor a valid code/,
    ],
    ["too much", ["send", "--from", "alice", "--to", "devnet-0", "--amount", "999"], 1, /InsufficientFunds/],
    ["a bad name", ["account", "new", "../evil"], 1, /not usable as a name/],
    ["a bad phrase", ["account", "import", "carol"], 1, /./],
    ["a missing ledger", ["ledger", "verify", "/nowhere/at/all"], 1, /./],
    ["a block beyond the end", ["ledger", "show", "999999"], 1, /there is no block 999999/],
  ])("explains %s and changes nothing", async (_, words, status, message) => {
    const takesFolder = words.length > 1;
    const outcome = await mobilecoin(
      [...words, ...(takesFolder ? dataDir() : [])],
      "twelve words that are none\n",
    );
    expect(outcome).toMatchObject({ status, out: "" });
    expect(outcome.err).toMatch(message);
    expect(outcome.err).not.toMatch(/\n +at /);
  });

  test("verifies, exports and imports ledgers, and names a bad archive file", async () => {
    const archive = join(folder, "archive");
    expect((await mobilecoin(["ledger", "verify", ...dataDir()])).out).toMatch(/Blocks 0 to \d+ are valid/);
    expect((await mobilecoin(["ledger", "export", archive, ...dataDir()])).out).toMatch(/blocks written/);
    expect((await mobilecoin(["ledger", "verify", archive])).out).toMatch(/Blocks 0 to \d+ are valid/);
    const shown = await mobilecoin(["ledger", "show", "0", archive, "--json"]);
    expect(JSON.parse(shown.out)).toMatchObject({ index: "0", version: 0 });
    const copy = join(folder, "copy");
    expect((await mobilecoin(["ledger", "import", copy, archive])).out).toMatch(/blocks appended/);
    const verified = await mobilecoin(["ledger", "verify", copy, "--json"]);
    expect(JSON.parse(verified.out).firstBlockIndex).toBe("0");
    const bad = join(folder, "bad.pb");
    writeFileSync(bad, "no archive");
    const refused = await mobilecoin(["ledger", "verify", bad]);
    expect(refused).toMatchObject({ status: 1, out: "" });
    expect(refused.err).toContain("bad.pb");
  });

  test("signs offline with files that only their owner reads", async () => {
    const secrets = join(folder, "mc_secrets.json");
    expect(await mobilecoin(["signer", "create", "--output", secrets])).toMatchObject({ status: 0, err: "" });
    expect(statSync(secrets).mode & 0o077).toBe(0);
    expect(await mobilecoin(["signer", "create", "--output", secrets])).toMatchObject({ status: 1 });
    const info = join(folder, "account.json");
    const made = await mobilecoin(["signer", "get-account", "--secret-file", secrets, "--output", info]);
    expect(made).toMatchObject({ status: 0, err: "" });
    expect(existsSync(info)).toBe(true);
  });

  test("lets other processes use a running network, and stops cleanly when told", async () => {
    const child = spawn(process.execPath, [main, "devnet", "--no-prompt", ...dataDir()], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("Running")) resolve();
      });
    });
    const paid = await mobilecoin([
      "send",
      "--from",
      "devnet-1",
      "--to",
      "devnet-2",
      "--amount",
      "1",
      ...dataDir(),
    ]);
    expect(paid).toMatchObject({ status: 0 });
    const second = await mobilecoin(["devnet", ...dataDir()]);
    expect(second).toMatchObject({ status: 1 });
    expect(second.err).toContain("running already");
    child.kill("SIGINT");
    const status = await new Promise((resolve) => child.once("close", resolve));
    expect(status).toBe(0);
    expect(existsSync(join(folder, "net/node.json"))).toBe(false);
  });
});
