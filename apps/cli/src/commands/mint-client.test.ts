import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { AccountKey, encodePrintable, generateMnemonic } from "@mobilecoin-ts/account";
import {
  DEFAULT_MINTING_TRUST_ROOT,
  type MintProposal,
  type MintTransaction,
  mintTransactionHash,
  parseMintTransaction,
  parseTokensConfig,
  TEST_MINTING_TRUST_ROOT_SEED,
  verifyGovernorsSignature,
} from "@mobilecoin-ts/consensus";
import {
  bytesToHex,
  ed25519PublicKey,
  ed25519Sign,
  ed25519VerifyStrict,
  encodeEd25519PrivateDer,
  encodeEd25519PublicDer,
  encodePem,
} from "@mobilecoin-ts/crypto";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenNode } from "../consensus-node.ts";
import { addMintClientCommands } from "./mint-client.ts";

const NODE = "insecure-mc://localhost:3200/";
const LAST_BLOCK = 100n;
const seed = (fill: number) => new Uint8Array(32).fill(fill);

let folder: string;
let proposed: MintTransaction[];
let answer: MintProposal;
let closed: number;

const path = (name: string) => join(folder, name);

function write(name: string, content: string): string {
  writeFileSync(path(name), content);
  return path(name);
}

const signingKey = (fill: number) =>
  write(`key-${fill}.pem`, encodePem("PRIVATE KEY", encodeEd25519PrivateDer(seed(fill))));

const publicKeyPem = (fill: number) =>
  encodePem("PUBLIC KEY", encodeEd25519PublicDer(ed25519PublicKey(seed(fill))));

const open: OpenNode = (uri, chainId) => ({
  uri: new ServiceUri("consensusClient", uri),
  client: {
    lastBlockInfo: async () => ({ index: LAST_BLOCK, minimumFees: new Map(), networkBlockVersion: 3 }),
    propose: async (transaction) => {
      expect(chainId).toBe("local");
      proposed.push(transaction);
      return answer;
    },
  },
  [Symbol.asyncDispose]: async () => {
    closed += 1;
  },
});

async function run(...words: string[]): Promise<string> {
  let text = "";
  const out = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const program = new Command("mobilecoin")
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  addMintClientCommands(program, { terminal: { out, err: out } }, open);
  await program.parseAsync(["mint-client", ...words], { from: "user" });
  return text;
}

const atNode = ["--node", NODE, "--chain-id", "local"];
const account = AccountKey.fromMnemonic(generateMnemonic());
const address = account.defaultSubaddress;
const recipient = encodePrintable({ kind: "publicAddress", address });
const mint = ["--recipient", recipient, "--token-id", "1", "--amount", "18446744073709551615"];

const configFile = (overrides: object = {}) =>
  write(
    "config.json",
    JSON.stringify({
      token_id: 1,
      configs: [{ mint_limit: 100, minters: { type: "Single", pub_key: publicKeyPem(1) } }],
      total_mint_limit: 100,
      ...overrides,
    }),
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mint-client-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  proposed = [];
  answer = { kind: "accepted", blockCount: 101n };
  closed = 0;
});

describe("mobilecoin mint-client", () => {
  it("generate-and-submit-mint-tx mints to an address, signed by several", async () => {
    const keys = [signingKey(1), signingKey(2)];
    const out = await run("generate-and-submit-mint-tx", ...atNode, ...mint, "--signing-key", ...keys);
    const [transaction] = proposed;
    if (transaction?.kind !== "mintTx") throw new Error("no mint transaction was submitted");
    expect(transaction.tx.prefix).toMatchObject({
      tokenId: 1n,
      amount: 2n ** 64n - 1n,
      viewPublicKey: address.viewPublicKey,
      spendPublicKey: address.spendPublicKey,
      tombstoneBlock: LAST_BLOCK + 20160n - 1n,
      eFogHint: undefined,
    });
    expect(transaction.tx.signature).toHaveLength(2);
    expect(out).toContain("Accepted by insecure-mc://localhost:3200/ at block count 101.");
    expect(out).toContain(`Hash: ${bytesToHex(mintTransactionHash(transaction))}`);
    expect(closed).toBe(1);
  });

  it("generate-and-submit-mint-config-tx takes its request from a file", async () => {
    const file = configFile({ tombstone_block: 150, nonce: "cd".repeat(64) });
    await run(
      "generate-and-submit-mint-config-tx",
      ...atNode,
      "--mint-config-tx-file",
      file,
      "--signing-key",
      signingKey(9),
    );
    expect(proposed).toMatchObject([
      { kind: "mintConfigTx", tx: { prefix: { tokenId: 1n, tombstoneBlock: 150n, totalMintLimit: 100n } } },
    ]);
  });

  it("takes a tombstone block of 0 for none", async () => {
    const file = configFile({ tombstone_block: 0 });
    await run(
      "generate-and-submit-mint-config-tx",
      ...atNode,
      "--mint-config-tx-file",
      file,
      "--signing-key",
      signingKey(9),
    );
    expect(proposed).toMatchObject([{ tx: { prefix: { tombstoneBlock: LAST_BLOCK + 20159n } } }]);
  });

  it("goes from hand to hand: generate, sign apart, submit together", async () => {
    const [a, b] = [path("a.json"), path("b.json")];
    const generated = await run(
      "generate-mint-tx",
      ...mint,
      "--tombstone",
      "500",
      "--out",
      a,
      "--signing-key",
      signingKey(1),
    );
    expect(generated).toContain(
      `Hash: ${bytesToHex(mintTransactionHash(parseMintTransaction(readFileSync(a, "utf8"))))}`,
    );
    await run("sign", "--tx-file", a, "--out", b, "--signing-key", signingKey(2));
    const hash = (await run("hash-tx-file", "--tx-file", b)).trim();
    const elsewhere = bytesToHex(
      ed25519Sign(seed(3), mintTransactionHash(parseMintTransaction(readFileSync(b, "utf8")))),
    );
    expect(await run("sign", "--tx-file", b, "--signature", elsewhere)).toContain("has 3 signature(s)");
    await run("submit-mint-tx", ...atNode, "--tx-file", a, b);
    expect(proposed).toHaveLength(1);
    expect(bytesToHex(mintTransactionHash(proposed[0]!))).toBe(hash);
    for (const fill of [1, 2, 3]) {
      const valid = proposed[0]!.tx.signature.some((signature) =>
        ed25519VerifyStrict(ed25519PublicKey(seed(fill)), mintTransactionHash(proposed[0]!), signature),
      );
      expect(valid).toBe(true);
    }
  });

  it("generate-mint-config-tx takes its tombstone block from a node where it is told to", async () => {
    const words = ["generate-mint-config-tx", "--mint-config-tx-file", configFile(), "--out", path("c.json")];
    await expect(run(...words)).rejects.toMatchObject({ code: "MissingTombstone" });
    await run(...words, "--tombstone-from-node", NODE);
    expect(parseMintTransaction(readFileSync(path("c.json"), "utf8"))).toMatchObject({
      kind: "mintConfigTx",
      tx: { prefix: { tombstoneBlock: LAST_BLOCK + 20159n }, signature: [] },
    });
  });

  it("hash-… prints the hash of what would be made, and asks no node for a tombstone block", async () => {
    const nonce = "ab".repeat(64);
    const generated = [...mint, "--nonce", nonce, "--tombstone", "500"];
    await run("generate-mint-tx", ...generated, "--out", path("d.json"));
    const hash = (await run("hash-tx-file", "--tx-file", path("d.json"))).trim();
    expect(await run("hash-mint-tx", ...generated)).toBe(`Nonce: ${nonce}\nHash: ${hash}\n`);
    await expect(run("hash-mint-tx", ...mint)).rejects.toMatchObject({ code: "MissingTombstone" });
    const config = ["hash-mint-config-tx", "--mint-config-tx-file"];
    expect(await run(...config, configFile({ nonce, tombstone_block: 7 }))).toMatch(
      /^Nonce: (?:ab){64}\nHash: [0-9a-f]{64}\n$/,
    );
    await expect(run(...config, configFile({ nonce }))).rejects.toMatchObject({ code: "MissingTombstone" });
  });

  it("sign-governors prints and writes the trust root's signature", async () => {
    const tokens = write(
      "tokens.json",
      JSON.stringify({
        tokens: [
          { token_id: 0 },
          { token_id: 1, minimum_fee: 1024, governors: { type: "Single", pub_key: publicKeyPem(9) } },
        ],
      }),
    );
    const root = write(
      "root.pem",
      encodePem("PRIVATE KEY", encodeEd25519PrivateDer(TEST_MINTING_TRUST_ROOT_SEED)),
    );
    const out = await run(
      "sign-governors",
      "--tokens",
      tokens,
      "--signing-key",
      root,
      "--output-json",
      path("signed.json"),
    );
    const { governors, governorsSignature } = parseTokensConfig(readFileSync(path("signed.json"), "utf8"));
    expect(out).toBe(`Signature: ${bytesToHex(governorsSignature!)}\n`);
    expect(verifyGovernorsSignature(governors, governorsSignature!, DEFAULT_MINTING_TRUST_ROOT)).toBe(true);
  });

  it("dump shows a transaction in hex and decimals", async () => {
    await run(
      "generate-mint-tx",
      ...mint,
      "--tombstone",
      "500",
      "--out",
      path("e.json"),
      "--signing-key",
      signingKey(1),
    );
    const shown = JSON.parse(await run("dump", "--tx-file", path("e.json")));
    expect(shown).toMatchObject({
      kind: "mintTx",
      prefix: {
        tokenId: "1",
        amount: "18446744073709551615",
        viewPublicKey: bytesToHex(address.viewPublicKey),
      },
    });
    expect(shown.hash).toBe((await run("hash-tx-file", "--tx-file", path("e.json"))).trim());
    expect(shown.signatures[0]).toMatch(/^[0-9a-f]{128}$/);
  });

  it("check-sig tells who has signed, and fails unless all have", async () => {
    const file = path("f.json");
    await run(
      "generate-mint-tx",
      ...mint,
      "--tombstone",
      "500",
      "--out",
      file,
      "--signing-key",
      signingKey(1),
      signingKey(2),
    );
    const [one, two, three] = [1, 2, 3].map((fill) => bytesToHex(ed25519PublicKey(seed(fill))));
    const pem = write("key.pub.pem", publicKeyPem(2));
    expect(await run("check-sig", "--tx-file", file, "--public-key", one!, pem)).toBe(
      `signed by ${one}\nsigned by ${two}\n`,
    );
    expect(await run("check-sig", "--tx-file", file, "--public-key", one!)).toContain(
      "by none of these keys: ",
    );
    await expect(run("check-sig", "--tx-file", file, "--public-key", three!, one!)).rejects.toThrow(
      "1 of 2 keys have not signed",
    );
  });

  it("exits with the number of the node's refusal, and says what to do", async () => {
    answer = { kind: "refused", blockCount: 1n, code: 10, reason: "NoGovernors", detail: 1n };
    const words = ["generate-and-submit-mint-tx", ...atNode, ...mint, "--signing-key", signingKey(1)];
    await expect(run(...words)).rejects.toMatchObject({
      name: "CliError",
      exitCode: 10,
      message: expect.stringContaining("NoGovernors (1)"),
      advice: expect.stringContaining("tokens.json"),
    });
    expect(closed).toBe(1);
    for (const reason of [
      "InvalidSignature",
      "TombstoneBlockTooFar",
      "NonceAlreadyUsed",
      "AmountExceedsMintLimit",
      "Unknown",
    ]) {
      answer = { kind: "refused", blockCount: 1n, code: 5, reason, detail: undefined };
      await expect(run(...words)).rejects.toMatchObject({ exitCode: 5, advice: expect.any(String) });
    }
  });

  it("submits nothing that nobody has signed, and no two transactions as one", async () => {
    await expect(run("generate-and-submit-mint-tx", ...atNode, ...mint)).rejects.toMatchObject({
      code: "MissingSignature",
    });
    const [a, b] = [path("g.json"), path("h.json")];
    for (const out of [a, b]) {
      await run(
        "generate-mint-tx",
        ...mint,
        "--tombstone",
        "500",
        "--out",
        out,
        "--signing-key",
        signingKey(1),
      );
    }
    await expect(run("submit-mint-tx", ...atNode, "--tx-file", a, b)).rejects.toMatchObject({
      code: "DifferentTransactions",
    });
    await expect(run("submit-mint-config-tx", ...atNode, "--tx-file", a)).rejects.toThrow("holds a mintTx");
    expect(proposed).toEqual([]);
  });

  it("refuses recipients it cannot mint to", async () => {
    const fog = {
      ...address,
      fogReportUrl: "fog://fog.example",
      fogReportId: "",
      fogAuthoritySig: new Uint8Array(64),
    };
    const code = encodePrintable({ kind: "publicAddress", address: fog });
    const words = [
      "generate-and-submit-mint-tx",
      ...atNode,
      "--token-id",
      "1",
      "--amount",
      "5",
      "--signing-key",
      signingKey(1),
    ];
    await expect(run(...words, "--recipient", code)).rejects.toMatchObject({
      name: "CliError",
      message: expect.stringContaining("uses Fog"),
    });
    await expect(run(...words, "--recipient", recipient.slice(1))).rejects.toThrow("no valid address code");
    expect(proposed).toEqual([]);
  });

  it("refuses files and keys that are none, naming them", async () => {
    const bad = write("bad.pem", "no key");
    const words = ["generate-mint-tx", ...mint, "--tombstone", "5", "--out", path("i.json")];
    await expect(run(...words, "--signing-key", bad)).rejects.toThrow(`${bad} holds no Ed25519 private key`);
    await expect(run(...words, "--signing-key", path("missing.pem"))).rejects.toThrow("cannot be read");
    await expect(run(...words, "--signature", bad)).rejects.toThrow(`${bad} cannot be used`);
    await expect(run("dump", "--tx-file", bad)).rejects.toThrow(`${bad} cannot be used`);
    await expect(run("check-sig", "--tx-file", path("a.json"), "--public-key", bad)).rejects.toThrow(
      "no Ed25519 public key",
    );
    await expect(run("dump")).rejects.toMatchObject({
      exitCode: 1,
      code: "commander.missingMandatoryOptionValue",
    });
    for (const option of [
      ["--amount", "-1"],
      ["--amount", `${2n ** 64n}`],
      ["--nonce", "ab"],
    ]) {
      await expect(run(...words, ...option)).rejects.toMatchObject({ code: "commander.invalidArgument" });
    }
  });
});
