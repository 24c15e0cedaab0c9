import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDevelopmentRoot } from "@mobilecoin-ts/attestation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWatcherConfig } from "./watcher-config.ts";

const SOURCE = '[[sources]]\ntx_source_url = "https://a.example/blocks"\n';
const TRUST = '[attestation]\ntrusted_identities = "identities.json"\nroot = "root.der"\n';
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "watcher-config-"));
  const identity = { MRENCLAVE: "11".repeat(32) };
  writeFileSync(join(folder, "identities.json"), JSON.stringify({ v1: { consensus: identity } }));
  const { root } = await createDevelopmentRoot({ now: new Date("2026-11-21T08:00:00Z") });
  writeFileSync(join(folder, "root.der"), root.der);
  const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  writeFileSync(join(folder, "signers.toml"), `[[node]]\npub_key = "${key}"\nfirst_block_index = 0\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const file = join(folder, "watcher.toml");
  writeFileSync(file, text);
  return readWatcherConfig(file);
}

test("reads what to watch and whom to trust", async () => {
  const client = 'consensus_client_url = "mc://node.example/"\n';
  const secret = `consensus_client_auth_token_secret = "${"22".repeat(32)}"\n`;
  const text = `metadata_signers = "signers.toml"\n${SOURCE}${client}${secret}${TRUST}chain_id = "local"\n`;
  const { sources, judgeEvidence, metadataSigners } = await read(text);
  expect(sources).toMatchObject([{ txSourceUrl: "https://a.example/blocks/" }]);
  expect(sources[0]!.consensusClientUrl?.address).toBe("node.example:443");
  expect(sources[0]!.authTokenSecret).toEqual(new Uint8Array(32).fill(0x22));
  expect([typeof judgeEvidence, typeof metadataSigners]).toEqual(["function", "object"]);
  expect(await read(SOURCE)).toMatchObject({ judgeEvidence: undefined, metadataSigners: undefined });
});

test.each([
  ["no TOML", "[[", "not valid TOML"],
  ["no sources", TRUST, "no sources"],
  ["one source twice", SOURCE + SOURCE, "listed twice"],
  ["a source without URL", "[[sources]]\n", "sources[0].tx_source_url"],
  ["a URL that is none", '[[sources]]\ntx_source_url = "a"\n', "is no URL"],
  [
    "a client URL of another scheme",
    `${SOURCE}consensus_client_url = "https://a/"\n`,
    "consensus_client_url",
  ],
  ["a short secret", `${SOURCE}consensus_client_auth_token_secret = "22"\n`, "64 hex digits"],
  ["a misspelt name", `${SOURCE}[atestation]\n`, '"atestation"'],
  ["a misspelt name of a source", `${SOURCE}url = "x"\n`, '"url"'],
  ["no identities", `${SOURCE}[attestation]\n`, "trusted_identities"],
  ["a missing file", `${SOURCE}[attestation]\ntrusted_identities = "nowhere"\n`, "cannot be read"],
  ["identities of other enclaves", `${SOURCE}${TRUST}enclave = "fog-view"\n`, "fog-view"],
  ["a development root on main", `${SOURCE}${TRUST}chain_id = "main"\n`, "development root"],
  ["a flag that is none", `${SOURCE}${TRUST}allow_debug = 1\n`, "allow_debug"],
  ["a root that is none", `${SOURCE}${TRUST.replace("root.der", "signers.toml")}`, "attestation root"],
  ["bad signers", `metadata_signers = "identities.json"\n${SOURCE}`, "node"],
])("refuses %s", async (_, text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    area: "watcher",
    code: "InvalidConfig",
    message: expect.stringContaining(message),
  });
});
