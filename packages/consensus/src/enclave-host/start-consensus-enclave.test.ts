import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AttestedClient,
  createDevelopmentRoot,
  type DevelopmentAuthority,
  evidenceVerifier,
  ownIdentity,
  SimulatedQuotingEnclave,
} from "@mobilecoin-ts/attestation";
import { type EnclaveMode, startEnclave } from "@mobilecoin-ts/enclave";
import { isBlockSignatureValid } from "@mobilecoin-ts/ledger";
import { membershipProofCodec, txCodec, txHash } from "@mobilecoin-ts/transaction";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_FEE_RECIPIENT } from "../enclave/trusted-config.ts";
import { consensusEnclave, type EnclaveInit } from "../enclave-api/index.ts";
import { formBlock } from "../form-block.ts";
import { knownValues, LeakSearch } from "../testing/leak-search.ts";
import { TestLedger } from "../testing/test-ledger.ts";
import { TEST_CLIENT_ID, TEST_INIT } from "../testing/test-program.ts";
import {
  consensusEnclaveBundle,
  type RunningConsensusEnclave,
  type StartConsensusEnclaveOptions,
  startConsensusEnclave,
} from "./start-consensus-enclave.ts";

const COUNT = 17;
const ledger = new TestLedger(COUNT);
const payments = Array.from({ length: COUNT }, (_, i) => ledger.payment(i));
const folder = mkdtempSync(join(tmpdir(), "consensus-enclave-"));
const running: RunningConsensusEnclave[] = [];
let authority: DevelopmentAuthority;
beforeAll(async () => {
  authority = await createDevelopmentRoot({ now: new Date() });
});
afterAll(async () => {
  await Promise.all(running.map((enclave) => enclave.close()));
  rmSync(folder, { recursive: true });
});

const optionsWith = (changed: Partial<StartConsensusEnclaveOptions> = {}): StartConsensusEnclaveOptions => ({
  mode: { kind: "worker" },
  sealFolder: join(folder, "seal"),
  bundleFolder: join(folder, "bundles"),
  root: authority.root,
  ...changed,
});

async function start(changed: Partial<StartConsensusEnclaveOptions> = {}): Promise<RunningConsensusEnclave> {
  const enclave = await startConsensusEnclave(optionsWith(changed));
  running.push(enclave);
  return enclave;
}

/** An enclave with its configuration and evidence. */
async function attested(
  init: Partial<EnclaveInit> = {},
  changed: Partial<StartConsensusEnclaveOptions> = {},
): Promise<RunningConsensusEnclave> {
  const enclave = await start(changed);
  await enclave.calls.init({ ...TEST_INIT, ...init });
  const { report, contents } = await enclave.calls.newReport({});
  const quoting = new SimulatedQuotingEnclave({ authority, now: () => new Date() });
  await enclave.calls.cacheEvidence({ ...(await quoting.quote(report)), reportData: contents });
  return enclave;
}

async function clientOf({ calls, measurement }: RunningConsensusEnclave): Promise<AttestedClient> {
  const client = new AttestedClient({
    responderId: TEST_CLIENT_ID,
    verify: evidenceVerifier({
      identities: [ownIdentity(measurement!.mrEnclave)],
      root: authority.root,
      time: () => new Date(),
    }),
  });
  client.processAuthResponse((await calls.clientAccept(client.authRequest())).response);
  return client;
}

const NO_AAD = new Uint8Array(0);

async function wellFormed(enclave: RunningConsensusEnclave) {
  const client = await clientOf(enclave);
  const txs = [];
  for (const { tx, rootProofs } of payments) {
    const context = await enclave.calls.clientTxPropose(client.encrypt(NO_AAD, txCodec.encode(tx)));
    expect(context.txHash).toEqual(txHash(tx));
    txs.push({ locallyEncryptedTx: context.locallyEncryptedTx, proofs: rootProofs });
  }
  const outcomes = await enclave.calls.txsAreWellFormed({ blockIndex: 0n, txs });
  return outcomes.map((outcome) => {
    if (outcome.kind !== "wellFormed") throw new Error(outcome.refusal.message);
    return outcome;
  });
}

const request = (txs: Awaited<ReturnType<typeof wellFormed>>) => ({
  parent: ledger.parent,
  transactions: txs.map(({ wellFormedEncryptedTx }, i) => ({
    wellFormedEncryptedTx,
    proofs: payments[i]!.rootProofs,
  })),
  mintConfigTxs: [],
  mintTxs: [],
  rootElement: ledger.rootElement,
});

describe.each<[string, EnclaveMode]>([
  ["a thread", { kind: "worker" }],
  ["a process", { kind: "process" }],
])("the enclave as %s", (_, mode) => {
  test("takes payments to a block, with workers for their validation", async () => {
    const host = new LeakSearch();
    const enclave = await attested(
      {},
      { mode, workers: 2, observe: (_direction, _name, bytes) => host.see(bytes) },
    );
    const txs = await wellFormed(enclave);
    const [payment] = payments;
    const { context } = txs[0]!;
    const known = [
      ...payment!.rootProofs.map((proof) => membershipProofCodec.encode(proof)),
      ...knownValues([...context.keyImages, ...context.outputPublicKeys]),
    ];
    expect(host.leaked(txCodec.encode(payment!.tx), known)).toEqual([]);

    const { block, contents, signature } = await enclave.calls.formBlock(request(txs));
    const rules = { ...TEST_INIT.config, feeRecipient: DEFAULT_FEE_RECIPIENT };
    const inputs = { transactions: payments, mintConfigTxs: [], mintTxs: [] };
    expect({ block, contents }).toEqual(formBlock(ledger.parent, inputs, ledger.rootElement, rules));
    expect(isBlockSignatureValid(block, signature)).toBe(true);
    expect(signature.signer).toEqual(await enclave.calls.signer({}));
    expect(host.leaked(payment!.tx.prefix.outputs[0]!.targetKey)).not.toEqual([]);
  });

  test("tells what it refuses by name", async () => {
    const enclave = await attested({}, { mode });
    const client = await clientOf(enclave);
    const [{ tx, rootProofs }] = [payments[0]!];
    const bent = { ...tx, prefix: { ...tx.prefix, fee: tx.prefix.fee + 1n } };
    const { locallyEncryptedTx } = await enclave.calls.clientTxPropose(
      client.encrypt(NO_AAD, txCodec.encode(bent)),
    );
    const check = { blockIndex: 0n, locallyEncryptedTx, proofs: rootProofs };
    await expect(enclave.calls.txIsWellFormed(check)).rejects.toMatchObject({
      code: "CallFailed",
      remote: { code: "MalformedTx", data: { result: "InvalidTransactionSignature" } },
    });
    const outcomes = await enclave.calls.txsAreWellFormed({ blockIndex: 0n, txs: [check] });
    expect(outcomes).toMatchObject([
      { kind: "refused", refusal: { code: "MalformedTx", result: "InvalidTransactionSignature" } },
    ]);
    const unknown = { aad: NO_AAD, channelId: new Uint8Array(64), data: new Uint8Array(16) };
    await expect(enclave.calls.clientTxPropose(unknown)).rejects.toMatchObject({
      remote: { code: "Attest" },
    });
    await expect(enclave.calls.init(TEST_INIT)).rejects.toMatchObject({
      remote: { code: "AlreadyInitialized" },
    });
  });
});

test("enclaves are peers where their configurations agree", async () => {
  const own = await attested();
  const connect = async (peer: RunningConsensusEnclave, responderId: string) => {
    const { response } = await peer.calls.peerAccept(await own.calls.peerInit({ responderId }));
    return own.calls.peerConnect({ responderId, response });
  };
  const peer = await attested({ peerResponderId: "peer.test:1" });
  const { channelId } = await connect(peer, "peer.test:1");
  const txs = await wellFormed(own);
  const aad = Uint8Array.of(7);
  const message = await own.calls.txsForPeer({
    encryptedTxs: txs.map(({ wellFormedEncryptedTx }) => wellFormedEncryptedTx),
    aad,
    channelId,
  });
  const proposed = await peer.calls.peerTxPropose(message);
  expect(proposed.aad).toEqual(aad);
  expect(proposed.contexts.map((context) => context.txHash)).toEqual(payments.map(({ tx }) => txHash(tx)));

  const stranger = await attested({
    peerResponderId: "peer.test:1",
    config: { ...TEST_INIT.config, fees: new Map([[0n, 1280n]]) },
  });
  await expect(connect(stranger, "peer.test:1")).rejects.toMatchObject({ remote: { code: "Attest" } });
});

describe("the block signing key", () => {
  test("survives a restart", async () => {
    const first = await start();
    const { sealedBlockSigningKey, blockSigningKey } = await first.calls.init(TEST_INIT);
    await first.close();
    const second = await start();
    const after = await second.calls.init({ ...TEST_INIT, sealedBlockSigningKey });
    expect(after.blockSigningKey).toEqual(blockSigningKey);
    expect(second.measurement).toEqual(first.measurement);
  });

  test("is lost to another program, and to another machine", async () => {
    const first = await start();
    const { sealedBlockSigningKey } = await first.calls.init(TEST_INIT);
    const init = { ...TEST_INIT, sealedBlockSigningKey };

    const { file } = await consensusEnclaveBundle(join(folder, "bundles"));
    const other = join(folder, "other.mjs");
    writeFileSync(other, `${readFileSync(file, "utf8")}\n// another version`);
    const sha256 = new Uint8Array(createHash("sha256").update(readFileSync(other)).digest());
    const changed = await startEnclave(consensusEnclave, { file: other, sha256 }, optionsWith());
    running.push(changed);
    expect(changed.measurement).not.toEqual(first.measurement);
    await expect(changed.calls.init(init)).rejects.toMatchObject({ remote: { code: "IntelSealing" } });

    const elsewhere = await start({ sealFolder: join(folder, "elsewhere") });
    await expect(elsewhere.calls.init(init)).rejects.toMatchObject({ remote: { code: "IntelSealing" } });
  });
});
