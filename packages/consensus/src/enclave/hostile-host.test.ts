import { Hc128Rng } from "@mobilecoin-ts/crypto";
import { txCodec } from "@mobilecoin-ts/transaction";
import { type Codec, WireError } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { consensusEnclave, type WellFormedOutcome } from "../enclave-api/index.ts";
import { TestLedger } from "../testing/test-ledger.ts";
import { blankProgram, TEST_INIT, TestProgram } from "../testing/test-program.ts";
import { handlersOf } from "./handlers.ts";
import { EnclaveRefusal } from "./refusal-of.ts";

const RUNS = 150;

interface Call {
  readonly name: string;
  /** What is sent, before it is bent. */
  readonly sent: Uint8Array;
  readonly answer: (bytes: Uint8Array) => Promise<unknown>;
}

function call<Input>(
  name: string,
  codec: Codec<Input>,
  input: Input,
  handler: (input: Input) => unknown,
): Call {
  return { name, sent: codec.encode(input), answer: async (bytes) => handler(codec.decode(bytes)) };
}

test("whatever the host sends is answered, or refused by name", async () => {
  const ledger = new TestLedger(2);
  const { tx, rootProofs } = ledger.payment(0);
  const node = await TestProgram.start();
  const peer = await TestProgram.start();
  const own = handlersOf(node.program);
  const blank = await blankProgram();
  const { calls } = consensusEnclave;
  const client = node.client();
  const channelId = node.connect("node.test:8443", peer);
  const context = node.program.clientTxPropose(client.encrypt(tx));
  const check = { locallyEncryptedTx: context.locallyEncryptedTx, proofs: rootProofs };
  const { wellFormedEncryptedTx } = await node.program.txIsWellFormed({ blockIndex: 0n, ...check });
  const aad = Uint8Array.of(1);
  const fromPeer = peer.program.txsForPeer({ encryptedTxs: [], aad, channelId });
  const proofs = rootProofs;
  const block = {
    parent: ledger.parent,
    transactions: [{ wellFormedEncryptedTx, proofs }],
    mintConfigTxs: [],
    mintTxs: [],
    rootElement: ledger.rootElement,
  };
  const session = { aad: new Uint8Array(0), channelId: client.channelId, data: txCodec.encode(tx) };
  const made: Call[] = [
    call("init", calls.init.input, TEST_INIT, (init) => blank.program.init(init)),
    call("cacheEvidence", calls.cacheEvidence.input, node.program.evidence(), own.cacheEvidence),
    call("clientAccept", calls.clientAccept.input, new Uint8Array(32).fill(9), own.clientAccept),
    call("clientDiscard", calls.clientDiscard.input, session, own.clientDiscard),
    call("clientTxPropose", calls.clientTxPropose.input, session, own.clientTxPropose),
    call("peerInit", calls.peerInit.input, { responderId: "node.test:1" }, own.peerInit),
    call(
      "peerAccept",
      calls.peerAccept.input,
      peer.program.peerInit({ responderId: "node.test:8443" }),
      own.peerAccept,
    ),
    call(
      "peerConnect",
      calls.peerConnect.input,
      { responderId: "a:1", response: new Uint8Array(99) },
      own.peerConnect,
    ),
    call("peerTxPropose", calls.peerTxPropose.input, fromPeer, own.peerTxPropose),
    call(
      "txsForPeer",
      calls.txsForPeer.input,
      { encryptedTxs: [wellFormedEncryptedTx], aad, channelId },
      own.txsForPeer,
    ),
    call(
      "txsAreWellFormed",
      calls.txsAreWellFormed.input,
      { blockIndex: 0n, txs: [check] },
      own.txsAreWellFormed,
    ),
    call("formBlock", calls.formBlock.input, block, own.formBlock),
  ];
  const rng = new Hc128Rng(new Uint8Array(32).fill(3));
  const below = (limit: number): number => rng.nextU32() % limit;
  for (const { name, sent, answer } of made) {
    for (let run = 0; run < RUNS; run++) {
      const bytes = run % 10 === 9 ? sent.slice(0, below(sent.length)) : sent.slice();
      // Encrypted bytes are most of some inputs; what frames them is at the ends.
      const places = [below(bytes.length + 1), below(40), bytes.length - 1 - below(200)];
      for (const place of places.slice(0, 1 + below(3))) {
        if (place >= 0 && place < bytes.length) bytes[place] = below(256);
      }
      try {
        for (const outcome of outcomesOf(await answer(bytes))) {
          if (outcome.kind === "refused") expect(outcome.refusal.code).not.toBe("Poison");
        }
      } catch (error) {
        if (error instanceof WireError || name === "init") continue;
        expect(error).toBeInstanceOf(EnclaveRefusal);
        expect([name, error instanceof EnclaveRefusal && error.code]).not.toEqual([name, "Poison"]);
      }
    }
  }
  // All of it has changed nothing for those who use the enclave as it is meant to be used.
  expect(node.program.formBlock(block).contents.outputs).toHaveLength(2);
});

function outcomesOf(answer: unknown): readonly WellFormedOutcome[] {
  return Array.isArray(answer) ? answer : [];
}
