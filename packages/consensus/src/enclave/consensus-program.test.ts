import { compareBytes, ed25519PublicKey, ed25519Sign, isValidSignerSet } from "@mobilecoin-ts/crypto";
import { isBlockSignatureValid } from "@mobilecoin-ts/ledger";
import {
  blockVersion,
  DEFAULT_FEE_MAP,
  DEFAULT_MINIMUM_FEE,
  feeMapDigest,
  keyImagesOf,
  type MintTx,
  mintConfigTxPrefixHash,
  mintTxPrefixHash,
  type Tx,
  txCodec,
  txHash,
} from "@mobilecoin-ts/transaction";
import { beforeAll, describe, expect, test } from "vitest";
import { signGovernors, TEST_MINTING_TRUST_ROOT_SEED } from "../config/blockchain-config.ts";
import type { FormBlockRequest, TxToCheck, WellFormedOutcome, WellFormedTx } from "../enclave-api/index.ts";
import { formBlock } from "../form-block.ts";
import { TestLedger } from "../testing/test-ledger.ts";
import { blankProgram, TEST_INIT, type TestClient, TestProgram } from "../testing/test-program.ts";
import type { ConsensusProgram } from "./consensus-program.ts";
import { EnclaveRefusal, refusalOf } from "./refusal-of.ts";
import { DEFAULT_FEE_RECIPIENT } from "./trusted-config.ts";

const ledger = new TestLedger(6);
const payments = [0, 1, 2].map((i) => ledger.payment(i, DEFAULT_MINIMUM_FEE * BigInt(i + 1)));
const [payment, second] = [payments[0]!, payments[1]!];

/** What the host is told: code and result. */
function told(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    const { code, result } =
      error instanceof EnclaveRefusal ? { ...error, result: error.data.result } : refusalOf(error);
    return result === undefined || result === code ? code : [code, result];
  }
}

async function toldLater(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt();
  } catch (error) {
    return told(() => {
      throw error;
    });
  }
}

const outcomeOf = (outcome: WellFormedOutcome | undefined): unknown => {
  if (outcome?.kind !== "refused") return outcome?.kind;
  const { code, result } = outcome.refusal;
  return result === undefined || result === code ? code : [code, result];
};

let node: TestProgram;
let program: ConsensusProgram;
let client: TestClient;
beforeAll(async () => {
  node = await TestProgram.start();
  program = node.program;
  client = node.client();
});

const propose = (tx: Tx, to = client): TxToCheck["locallyEncryptedTx"] =>
  program.clientTxPropose(to.encrypt(tx)).locallyEncryptedTx;

async function wellFormed(of: TestProgram, from = payments): Promise<WellFormedTx[]> {
  const sender = of.client();
  const txs = from.map(({ tx, rootProofs }) => ({
    locallyEncryptedTx: of.program.clientTxPropose(sender.encrypt(tx)).locallyEncryptedTx,
    proofs: rootProofs,
  }));
  const outcomes = await of.program.txsAreWellFormed({ blockIndex: 0n, txs });
  return outcomes.map((outcome) => {
    if (outcome.kind !== "wellFormed") throw new Error(outcome.refusal.message);
    return outcome;
  });
}

function blockOf(txs: readonly WellFormedTx[], from = payments): FormBlockRequest {
  return {
    parent: ledger.parent,
    transactions: txs.map(({ wellFormedEncryptedTx }, i) => ({
      wellFormedEncryptedTx,
      proofs: from[i]!.rootProofs,
    })),
    mintConfigTxs: [],
    mintTxs: [],
    rootElement: ledger.rootElement,
  };
}

describe("an enclave without its configuration", () => {
  const channelId = new Uint8Array(64);
  const message = { aad: new Uint8Array(0), channelId, data: new Uint8Array(32) };
  test.each<[string, (of: ConsensusProgram) => unknown]>([
    ["identity", (of) => of.identity()],
    ["signer", (of) => of.signer()],
    ["feeRecipient", (of) => of.feeRecipient()],
    ["mintingTrustRoot", (of) => of.mintingTrustRoot()],
    ["minimumFee", (of) => of.minimumFee({ tokenId: 0n })],
    ["newReport", (of) => of.newReport()],
    [
      "cacheEvidence",
      (of) => of.cacheEvidence({ quote: undefined, collateral: undefined, reportData: undefined }),
    ],
    ["evidence", (of) => of.evidence()],
    ["clientAccept", (of) => of.clientAccept(new Uint8Array(32))],
    ["clientClose", (of) => of.clientClose({ channelId })],
    ["clientDiscard", (of) => of.clientDiscard(message)],
    ["clientTxPropose", (of) => of.clientTxPropose(message)],
    ["peerInit", (of) => of.peerInit({ responderId: "a:1" })],
    ["peerConnect", (of) => of.peerConnect({ responderId: "a:1", response: new Uint8Array(0) })],
    ["peerAccept", (of) => of.peerAccept(new Uint8Array(32))],
    ["peerClose", (of) => of.peerClose({ channelId })],
    ["peerTxPropose", (of) => of.peerTxPropose(message)],
    ["txsForPeer", (of) => of.txsForPeer({ encryptedTxs: [], aad: new Uint8Array(0), channelId })],
    ["formBlock", (of) => of.formBlock(blockOf([]))],
  ])("refuses %s", async (_, call) => {
    const blank = await blankProgram();
    expect(told(() => call(blank.program))).toBe("NotInitialized");
  });

  test("refuses well-formedness", async () => {
    const blank = await blankProgram();
    const request = { blockIndex: 0n, locallyEncryptedTx: new Uint8Array(0), proofs: [] };
    expect(await toldLater(() => blank.program.txIsWellFormed(request))).toBe("NotInitialized");
  });

  test("has no evidence at first", async () => {
    const blank = await blankProgram();
    blank.program.init(TEST_INIT);
    expect(told(() => blank.program.evidence())).toBe("Attest");
    expect(told(() => blank.program.clientAccept(new Uint8Array(32).fill(9)))).toBe("Attest");
  });
});

describe("the configuration", () => {
  test("is told once", () => {
    expect(told(() => program.init(TEST_INIT))).toBe("AlreadyInitialized");
  });

  test("can be asked for", () => {
    expect(program.feeRecipient()).toEqual(DEFAULT_FEE_RECIPIENT);
    expect(program.minimumFee({ tokenId: 0n })).toEqual({ fee: DEFAULT_MINIMUM_FEE });
    expect(program.minimumFee({ tokenId: 1n })).toEqual({ fee: undefined });
    expect(program.mintingTrustRoot()).toEqual(ed25519PublicKey(TEST_MINTING_TRUST_ROOT_SEED));
    expect(program.evidence().reportData).toMatchObject({
      key: program.identity(),
      customIdentity: program.signer(),
    });
  });

  test("that breaks a rule leaves the enclave as it was", async () => {
    const { program: blank } = await blankProgram();
    const fees = new Map([[0n, 1n]]);
    expect(told(() => blank.init({ ...TEST_INIT, config: { ...TEST_INIT.config, fees } }))).toBe("FeeMap");
    expect(told(() => blank.init({ ...TEST_INIT, clientResponderId: "nowhere" }))).toBe("Attest");
    expect(blank.init(TEST_INIT).blockSigningKey).toHaveLength(32);
  });
});

describe("the block signing key", () => {
  const initialised = async (sealedBlockSigningKey?: Uint8Array, measurement = 1) => {
    const blank = await blankProgram({}, measurement);
    return blank.program.init({ ...TEST_INIT, sealedBlockSigningKey });
  };

  test("survives a restart, unlike the identity of sessions", async () => {
    const before = await initialised();
    const after = await initialised(before.sealedBlockSigningKey);
    expect(after.blockSigningKey).toEqual(before.blockSigningKey);
    expect(after.sealedBlockSigningKey).toEqual(before.sealedBlockSigningKey);
    expect(after.identityKey).not.toEqual(before.identityKey);
    expect((await initialised()).blockSigningKey).not.toEqual(before.blockSigningKey);
  });

  test("is of no use to another program, or cut short", async () => {
    const { sealedBlockSigningKey: sealed } = await initialised();
    for (const [bytes, measurement] of [
      [sealed, 2],
      [sealed.slice(0, -1), 1],
    ] as const) {
      const blank = await blankProgram({}, measurement);
      expect(told(() => blank.program.init({ ...TEST_INIT, sealedBlockSigningKey: bytes }))).toBe(
        "IntelSealing",
      );
    }
  });
});

describe("a proposed transaction", () => {
  test("is described to the host", () => {
    const { tx } = payment;
    const context = program.clientTxPropose(client.encrypt(tx));
    expect(context).toEqual({
      locallyEncryptedTx: context.locallyEncryptedTx,
      txHash: txHash(tx),
      highestIndices: tx.prefix.inputs.flatMap(({ proofs }) =>
        proofs.map(({ highestIndex }) => highestIndex),
      ),
      keyImages: keyImagesOf(tx.signature),
      outputPublicKeys: tx.prefix.outputs.map(({ publicKey }) => publicKey),
    });
  });

  test("names the fees it was made for, or none", () => {
    const of = (digest: Uint8Array): unknown =>
      told(() => propose({ ...payment.tx, feeMapDigest: digest }) instanceof Uint8Array);
    expect(of(feeMapDigest(DEFAULT_FEE_MAP))).toBe(true);
    expect(of(feeMapDigest(new Map([[0n, 1280n]])))).toBe("FeeMapDigestMismatch");
    expect(of(new Uint8Array(1))).toBe("FeeMapDigestMismatch");
  });

  test("is refused where there is none", () => {
    expect(told(() => program.clientTxPropose(client.encryptBytes(Uint8Array.of(1, 2, 3))))).toBe(
      "Serialization",
    );
    expect(told(() => propose(payment.tx) instanceof Uint8Array)).toBe(true);
  });

  test("is refused under another session, replayed, or altered, and the session goes on", () => {
    const message = client.encrypt(payment.tx);
    const stranger = { ...message, channelId: new Uint8Array(64) };
    const altered = { ...message, aad: Uint8Array.of(1) };
    expect(told(() => program.clientTxPropose(stranger))).toBe("Attest");
    expect(told(() => program.clientTxPropose(altered))).toBe("Attest");
    expect(program.clientTxPropose(message).txHash).toEqual(txHash(payment.tx));
    expect(told(() => program.clientTxPropose(message))).toBe("Attest");
  });

  test("that is discarded keeps the session in step", () => {
    program.clientDiscard(client.encrypt(payment.tx));
    expect(
      told(() => program.clientDiscard({ ...client.encrypt(second.tx), channelId: new Uint8Array(64) })),
    ).toBe("Attest");
    const fresh = node.client();
    program.clientDiscard(fresh.encrypt(payment.tx));
    expect(program.clientTxPropose(fresh.encrypt(second.tx)).txHash).toEqual(txHash(second.tx));
    program.clientClose({ channelId: fresh.channelId });
    expect(told(() => program.clientTxPropose(fresh.encrypt(second.tx)))).toBe("Attest");
  });
});

describe("well-formedness", () => {
  let sender: TestClient;
  beforeAll(() => {
    sender = node.client();
  });
  const check = (tx: Tx, changed: Partial<TxToCheck & { blockIndex: bigint }> = {}) =>
    program.txIsWellFormed({
      blockIndex: 0n,
      locallyEncryptedTx: propose(tx, sender),
      proofs: payment.rootProofs,
      ...changed,
    });

  test("gives priority and tombstone", async () => {
    const contexts = (await wellFormed(node)).map(({ context }) => context);
    expect(contexts.map(({ priority, tombstoneBlock }) => [priority, tombstoneBlock])).toEqual([
      [128n, 10n],
      [256n, 10n],
      [384n, 10n],
    ]);
    expect(contexts[0]).toEqual({
      txHash: txHash(payment.tx),
      priority: 128n,
      tombstoneBlock: 10n,
      highestIndices: payment.tx.prefix.inputs[0]!.proofs.map(({ highestIndex }) => highestIndex),
      keyImages: keyImagesOf(payment.tx.signature),
      outputPublicKeys: payment.tx.prefix.outputs.map(({ publicKey }) => publicKey),
    });
  });

  const bent = (change: Partial<Tx["prefix"]>): Tx => ({
    ...payment.tx,
    prefix: { ...payment.tx.prefix, ...change },
  });
  const [proof] = payment.rootProofs;
  test.each<[string, () => Promise<unknown>, unknown]>([
    ["no proofs", () => check(payment.tx, { proofs: [] }), "InvalidLocalMembershipProof"],
    [
      "no inputs and so no proofs",
      () => check(bent({ inputs: [] }), { proofs: [] }),
      "InvalidLocalMembershipProof",
    ],
    [
      "proofs of two states",
      () =>
        check(payment.tx, {
          proofs: [...payment.rootProofs.slice(1), ledger.provenLater(payment).rootProofs[0]!],
        }),
      "InvalidLocalMembershipProof",
    ],
    [
      "a proof that is none",
      () => check(payment.tx, { proofs: [{ ...proof!, elements: [] }] }),
      ["MalformedTx", "InvalidLedgerContext"],
    ],
    [
      "too few proofs",
      () => check(payment.tx, { proofs: [proof!] }),
      ["MalformedTx", "InvalidLedgerContext"],
    ],
    [
      "bytes that were not parked",
      () => check(payment.tx, { locallyEncryptedTx: new Uint8Array(100) }),
      "CacheCipher",
    ],
    ["a fee token without a fee", () => check(bent({ feeTokenId: 5n })), "TokenNotYetConfigured"],
    [
      "an output of a token without a fee",
      () => check({ ...payment.tx, signature: { ...payment.tx.signature, outputTokenIds: [5n] } }),
      "TokenNotYetConfigured",
    ],
    [
      "another fee than was signed",
      () => check(bent({ fee: 1n })),
      ["MalformedTx", "InvalidTransactionSignature"],
    ],
    ["no outputs", () => check(bent({ outputs: [] })), ["MalformedTx", "NoOutputs"]],
    [
      "a block at its tombstone",
      () => check(payment.tx, { blockIndex: 10n }),
      ["MalformedTx", "TombstoneBlockExceeded"],
    ],
    ["a block just before", async () => (await check(payment.tx, { blockIndex: 9n })).context.priority, 128n],
  ])("with %s", async (_, attempt, outcome) => {
    expect(await toldLater(attempt)).toEqual(outcome);
  });

  test("is judged for each transaction of a batch by itself", async () => {
    const good = propose(payment.tx, sender);
    const txs: TxToCheck[] = [
      { locallyEncryptedTx: good, proofs: [] },
      { locallyEncryptedTx: good, proofs: payment.rootProofs },
      { locallyEncryptedTx: propose(bent({ fee: 1n }), sender), proofs: payment.rootProofs },
      { locallyEncryptedTx: new Uint8Array(50), proofs: payment.rootProofs },
      { locallyEncryptedTx: propose(second.tx, sender), proofs: second.rootProofs },
      { locallyEncryptedTx: good, proofs: payment.rootProofs },
    ];
    const outcomes = await program.txsAreWellFormed({ blockIndex: 0n, txs });
    expect(outcomes.map(outcomeOf)).toEqual([
      "InvalidLocalMembershipProof",
      "wellFormed",
      ["MalformedTx", "InvalidTransactionSignature"],
      "CacheCipher",
      "wellFormed",
      "wellFormed",
    ]);
    expect(await program.txsAreWellFormed({ blockIndex: 0n, txs: [] })).toEqual([]);
  });
});

describe("forming a block", () => {
  test("gives the block that its transactions make, signed", async () => {
    const { block, contents, signature } = program.formBlock(blockOf(await wellFormed(node)));
    const rules = { ...TEST_INIT.config, feeRecipient: DEFAULT_FEE_RECIPIENT };
    const inputs = { transactions: payments, mintConfigTxs: [], mintTxs: [] };
    expect({ block, contents }).toEqual(formBlock(ledger.parent, inputs, ledger.rootElement, rules));
    expect(isBlockSignatureValid(block, signature)).toBe(true);
    expect([signature.signer, signature.signedAt]).toEqual([program.signer(), 0n]);
  });

  test("gives the same from transactions that are decoded again, or are kept", async () => {
    const forgetful = await TestProgram.start({}, { maxKeptBytes: 0 });
    const request = blockOf(await wellFormed(node));
    const { block, contents } = program.formBlock(request);
    const again = forgetful.program.formBlock(blockOf(await wellFormed(forgetful)));
    expect(again.block).toEqual(block);
    expect(again.contents).toEqual(contents);
    // What was in memory has been released by now.
    expect(program.formBlock(request).block).toEqual(block);
  });

  test("takes nothing that this enclave has not found well-formed", async () => {
    const [first] = await wellFormed(node, [payment]);
    const withTx = (wellFormedEncryptedTx: Uint8Array): FormBlockRequest => ({
      ...blockOf([]),
      transactions: [{ wellFormedEncryptedTx, proofs: payment.rootProofs }],
    });
    const sender = node.client();
    expect(told(() => program.formBlock(withTx(propose(payment.tx, sender))))).toBe("CacheCipher");
    expect(told(() => program.formBlock(withTx(txCodec.encode(payment.tx))))).toBe("CacheCipher");
    const other = await TestProgram.start();
    const [elsewhere] = await wellFormed(other, [payment]);
    expect(told(() => program.formBlock(withTx(elsewhere!.wellFormedEncryptedTx)))).toBe("CacheCipher");
    expect(told(() => program.formBlock(withTx(first!.wellFormedEncryptedTx)) !== undefined)).toBe(true);
  });

  test.each<[string, (request: FormBlockRequest) => FormBlockRequest, unknown]>([
    [
      "a transaction twice",
      (of) => ({ ...of, transactions: [of.transactions[0]!, of.transactions[0]!] }),
      "FormBlock",
    ],
    [
      "another root",
      (of) => ({ ...of, rootElement: { ...of.rootElement, hash: new Uint8Array(32) } }),
      "InvalidLocalMembershipRootElement",
    ],
    [
      "no proofs",
      (of) => ({ ...of, transactions: of.transactions.map((tx) => ({ ...tx, proofs: [] })) }),
      ["MalformedTx", "InvalidLedgerContext"],
    ],
    [
      "proofs of different states",
      (of) => ({
        ...of,
        transactions: [
          of.transactions[0]!,
          { ...of.transactions[1]!, proofs: ledger.provenLater(second).rootProofs },
          of.transactions[2]!,
        ],
      }),
      "InvalidLocalMembershipProof",
    ],
    [
      "proofs of another ledger",
      (of) => ({
        ...of,
        transactions: of.transactions.map((tx) => ({
          ...tx,
          proofs: tx.proofs.map((proof) => ({
            ...proof,
            elements: proof.elements.map((element, i) =>
              i === 1 ? { ...element, hash: new Uint8Array(32) } : element,
            ),
          })),
        })),
      }),
      ["MalformedTx", "InvalidTxOutMembershipProof"],
    ],
    [
      "a block that is too late",
      (of) => ({ ...of, parent: { ...of.parent, index: 9n } }),
      ["MalformedTx", "TombstoneBlockExceeded"],
    ],
    [
      "a parent of a later version",
      (of) => ({ ...of, parent: { ...of.parent, version: 5 } }),
      "BlockVersion",
    ],
  ])("is refused with %s", async (_, bend, outcome) => {
    const request = bend(blockOf(await wellFormed(node)));
    expect(told(() => program.formBlock(request))).toEqual(outcome);
  });

  test("mints under the governors it was told", async () => {
    const governorSeed = new Uint8Array(32).fill(2);
    const minterSeed = new Uint8Array(32).fill(1);
    const signer = (seed: Uint8Array) => ({
      individualSigners: [ed25519PublicKey(seed)],
      multiSigners: [],
      threshold: 1,
    });
    expect(isValidSignerSet(signer(governorSeed))).toBe(true);
    const governors = new Map([[1n, signer(governorSeed)]]);
    const mintConfig = { tokenId: 1n, signerSet: signer(minterSeed), mintLimit: 100n };
    const configPrefix = {
      tokenId: 1n,
      configs: [mintConfig],
      nonce: new Uint8Array(64),
      tombstoneBlock: 10n,
      totalMintLimit: 100n,
    };
    const mintConfigTx = {
      prefix: configPrefix,
      signature: [ed25519Sign(governorSeed, mintConfigTxPrefixHash(configPrefix))],
    };
    const prefix = {
      tokenId: 1n,
      amount: 5n,
      ...DEFAULT_FEE_RECIPIENT,
      nonce: new Uint8Array(64),
      tombstoneBlock: 10n,
      eFogHint: undefined,
    };
    const mintTx: MintTx = { prefix, signature: [ed25519Sign(minterSeed, mintTxPrefixHash(prefix))] };
    const governorsSignature = signGovernors(governors, TEST_MINTING_TRUST_ROOT_SEED);
    const minting = await TestProgram.start({
      config: { ...TEST_INIT.config, governors, governorsSignature },
    });
    const request = {
      ...blockOf([]),
      mintConfigTxs: [mintConfigTx],
      mintTxs: [{ mintTx, mintConfigTx, mintConfig }],
    };
    const { contents } = minting.program.formBlock(request);
    expect([contents.outputs.length, contents.validatedMintConfigTxs.length]).toEqual([1, 1]);
    expect(told(() => program.formBlock(request))).toBe("MissingGovernors");
    const unsigned = { ...mintTx, signature: [new Uint8Array(64)] };
    expect(
      told(() =>
        minting.program.formBlock({ ...request, mintTxs: [{ mintTx: unsigned, mintConfigTx, mintConfig }] }),
      ),
    ).toBe("MalformedMintingTx");
  });
});

describe("peers", () => {
  const aad = Uint8Array.of(1, 2, 3);

  test("exchange transactions, whoever began the session, and form the same block", async () => {
    const peer = await TestProgram.start({ peerResponderId: "peer.test:8443" });
    const channelId = node.connect("peer.test:8443", peer);
    const own = await wellFormed(node);
    const encryptedTxs = own.map(({ wellFormedEncryptedTx }) => wellFormedEncryptedTx);
    const message = program.txsForPeer({ encryptedTxs, aad, channelId });
    const { aad: received, contexts } = peer.program.peerTxPropose(message);
    expect(received).toEqual(aad);
    expect(contexts.map((context) => context.txHash)).toEqual(payments.map(({ tx }) => txHash(tx)));
    const outcomes = await peer.program.txsAreWellFormed({
      blockIndex: 0n,
      txs: contexts.map(({ locallyEncryptedTx }, i) => ({
        locallyEncryptedTx,
        proofs: payments[i]!.rootProofs,
      })),
    });
    const theirs = outcomes.map((outcome) => {
      if (outcome.kind !== "wellFormed") throw new Error(outcome.refusal.message);
      return outcome;
    });
    const formed = program.formBlock(blockOf(own));
    const same = peer.program.formBlock(blockOf(theirs));
    expect(same.block).toEqual(formed.block);
    expect(same.contents).toEqual(formed.contents);
    expect(same.signature.signer).not.toEqual(formed.signature.signer);

    const back = peer.program.txsForPeer({
      encryptedTxs: [theirs[0]!.wellFormedEncryptedTx],
      aad: new Uint8Array(0),
      channelId,
    });
    expect(program.peerTxPropose(back).contexts[0]?.txHash).toEqual(txHash(payment.tx));
    const none = program.txsForPeer({ encryptedTxs: [], aad, channelId });
    expect(peer.program.peerTxPropose(none).contexts).toEqual([]);
    expect(told(() => peer.program.peerTxPropose(none))).toBe("Attest");
    peer.program.peerClose({ channelId });
    expect(
      told(() => peer.program.peerTxPropose(program.txsForPeer({ encryptedTxs: [], aad, channelId }))),
    ).toBe("Attest");
  });

  test("do not look at the fees a peer's transactions were made for", async () => {
    const peer = await TestProgram.start();
    const channelId = node.connect("node.test:8443", peer);
    const tx = { ...payment.tx, feeMapDigest: feeMapDigest(DEFAULT_FEE_MAP) };
    const [own] = await wellFormed(node, [{ ...payment, tx }]);
    const message = program.txsForPeer({ encryptedTxs: [own!.wellFormedEncryptedTx], aad, channelId });
    expect(peer.program.peerTxPropose(message).contexts[0]?.txHash).toEqual(txHash(tx));
  });

  test("are sent nothing but what is well-formed, in sessions that exist", async () => {
    const peer = await TestProgram.start();
    const channelId = node.connect("node.test:8443", peer);
    const proposed = propose(payment.tx, node.client());
    expect(told(() => program.txsForPeer({ encryptedTxs: [proposed], aad, channelId }))).toBe("CacheCipher");
    expect(told(() => program.txsForPeer({ encryptedTxs: [], aad, channelId: new Uint8Array(64) }))).toBe(
      "Attest",
    );
  });

  test.each<[string, Parameters<typeof TestProgram.start>]>([
    ["other fees", [{ config: { ...TEST_INIT.config, fees: new Map([[0n, 1280n]]) } }]],
    ["another block version", [{ config: { ...TEST_INIT.config, blockVersion: blockVersion(3) } }]],
    [
      "another fee recipient",
      [
        {
          feeRecipient: {
            spendPublicKey: DEFAULT_FEE_RECIPIENT.viewPublicKey,
            viewPublicKey: DEFAULT_FEE_RECIPIENT.spendPublicKey,
          },
        },
      ],
    ],
    ["another program", [{}, {}, 2]],
  ])("do not connect with %s", async (_, start) => {
    const stranger = await TestProgram.start(...start);
    expect(told(() => node.connect("node.test:8443", stranger))).toBe("Attest");
    expect(told(() => stranger.connect("node.test:8443", node))).toBe("Attest");
  });

  test("do not connect under another name, or without having begun", async () => {
    const peer = await TestProgram.start();
    expect(told(() => node.connect("peer.test:1", peer))).toBe("Attest");
    expect(told(() => program.peerConnect({ responderId: "never:1", response: new Uint8Array(100) }))).toBe(
      "Attest",
    );
    expect(compareBytes(node.connect("node.test:8443", peer), new Uint8Array(64))).not.toBe(0);
  });
});

test("a failure nobody thought of tells nothing", () => {
  expect(refusalOf(new TypeError("the key is 12345"))).toEqual({
    code: "Poison",
    message: "the enclave failed: TypeError",
    result: undefined,
  });
  expect(refusalOf("12345").message).not.toContain("12345");
});
