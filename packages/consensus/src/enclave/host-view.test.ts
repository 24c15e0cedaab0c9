import { AttestationError } from "@mobilecoin-ts/attestation";
import { aesGcm, bytesToHex } from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import { membershipProofCodec, txCodec } from "@mobilecoin-ts/transaction";
import type { Codec } from "@mobilecoin-ts/wire";
import { expect, test, vi } from "vitest";
import { consensusEnclave } from "../enclave-api/index.ts";
import { knownValues, LeakSearch, secretWindows } from "../testing/leak-search.ts";
import { TestLedger } from "../testing/test-ledger.ts";
import { TestProgram } from "../testing/test-program.ts";
import { handlersOf } from "./handlers.ts";

const ledger = new TestLedger(2);
const { tx, rootProofs } = ledger.payment(0);

test("the host sees nothing of a transaction before it is in a block, and no key ever", async () => {
  const host = new LeakSearch();
  const keys: Uint8Array[] = [];
  const random = (length: number): Uint8Array => {
    const bytes = systemRandom(length);
    // All that is random and this long here is a private key; handshakes have their ephemeral ones from it too.
    if (length >= 32) keys.push(bytes.slice());
    return bytes;
  };
  const encrypting = vi.spyOn(aesGcm, "encrypt");
  const decrypting = vi.spyOn(aesGcm, "decrypt");

  const start = () => TestProgram.start({}, { random });
  const [own, peer] = [await start(), await start()];
  const { calls } = consensusEnclave;
  const crossing = async <Input, Output>(
    call: { readonly input: Codec<Input>; readonly output: Codec<Output> },
    handler: (input: Input) => Output | Promise<Output>,
    input: Input,
  ): Promise<Output> => {
    const sent = call.input.encode(input);
    host.see(sent);
    const answer = call.output.encode(await handler(call.input.decode(sent)));
    host.see(answer);
    return call.output.decode(answer);
  };
  const [ownCalls, peerCalls] = [handlersOf(own.program), handlersOf(peer.program)];

  host.see(own.program.evidence().quote ?? new Uint8Array(0));
  const client = own.client();
  const channelId = own.connect("node.test:8443", peer);
  const context = await crossing(calls.clientTxPropose, ownCalls.clientTxPropose, client.encrypt(tx));
  const check = { blockIndex: 0n, locallyEncryptedTx: context.locallyEncryptedTx, proofs: rootProofs };
  const { wellFormedEncryptedTx, context: wellFormed } = await crossing(
    calls.txIsWellFormed,
    ownCalls.txIsWellFormed,
    check,
  );
  const message = await crossing(calls.txsForPeer, ownCalls.txsForPeer, {
    encryptedTxs: [wellFormedEncryptedTx],
    aad: Uint8Array.of(1),
    channelId,
  });
  const proposed = await crossing(calls.peerTxPropose, peerCalls.peerTxPropose, message);
  await crossing(calls.txsAreWellFormed, peerCalls.txsAreWellFormed, {
    blockIndex: 0n,
    txs: [{ locallyEncryptedTx: proposed.contexts[0]!.locallyEncryptedTx, proofs: rootProofs }],
  });

  // The host names the proofs itself, and is told hashes, key images and public keys of outputs.
  const known = [
    ...rootProofs.map((proof) => membershipProofCodec.encode(proof)),
    ...knownValues([...wellFormed.keyImages, ...wellFormed.outputPublicKeys]),
  ];
  const secret = txCodec.encode(tx);
  expect(secretWindows(secret, known).size).toBeGreaterThan(secret.length / 2);
  expect(host.leaked(secret, known)).toEqual([]);
  for (const { targetKey, publicKey, maskedAmount } of tx.prefix.inputs[0]!.ring) {
    for (const bytes of [targetKey, publicKey, maskedAmount!.commitment])
      expect(host.leaked(bytes)).toEqual([]);
  }
  for (const { targetKey, maskedAmount, eMemo } of tx.prefix.outputs) {
    for (const bytes of [targetKey, maskedAmount!.commitment, eMemo!]) expect(host.leaked(bytes)).toEqual([]);
  }

  const { contents } = await crossing(calls.formBlock, ownCalls.formBlock, {
    parent: ledger.parent,
    transactions: [{ wellFormedEncryptedTx, proofs: rootProofs }],
    mintConfigTxs: [],
    mintTxs: [],
    rootElement: ledger.rootElement,
  });
  // The search finds what there is to be found.
  expect(contents.outputs).toHaveLength(2);
  for (const { targetKey } of tx.prefix.outputs) expect(host.leaked(targetKey)).not.toEqual([]);
  for (const { targetKey } of tx.prefix.inputs[0]!.ring) expect(host.leaked(targetKey)).toEqual([]);

  for (const [key] of [...encrypting.mock.calls, ...decrypting.mock.calls]) keys.push(key);
  const distinct = new Map(keys.map((key) => [bytesToHex(key), key]));
  // Of each program: signing and identity key, two caches, ephemeral keys of its handshakes; and the keys of sessions.
  expect(distinct.size).toBeGreaterThanOrEqual(14);
  for (const key of distinct.values()) expect(host.leaked(key)).toEqual([]);
});

test("what is refused says nothing of the transaction", async () => {
  const own = await TestProgram.start();
  const client = own.client();
  const { clientTxPropose } = handlersOf(own.program);
  const bytes = txCodec.encode(tx);
  const cut = Promise.resolve(clientTxPropose(client.encryptBytes(bytes.slice(0, 5000))));
  await expect(cut).rejects.toMatchObject({ code: "Serialization", data: {} });
  await expect(cut).rejects.not.toBeInstanceOf(AttestationError);
  const failure = await cut.catch((error: unknown) => error);
  expect(failure).not.toHaveProperty("cause");
  expect(`${failure}`).toMatch(/^EnclaveRefusal: what was sent is no transaction: [\w .:()-]+$/);
});
