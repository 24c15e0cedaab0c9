import { join } from "node:path";
import {
  AttestedClient,
  type EvidenceVerifier,
  evidenceVerifier,
  ownIdentity,
  simulatedMeasurement,
} from "@mobilecoin-ts/attestation";
import { DEVELOPMENT_CERTIFICATE_FILE, readAttestationRoot } from "@mobilecoin-ts/attestation/files";
import { consensusEnclave, consensusEnclaveBundle } from "@mobilecoin-ts/consensus/enclave";
import {
  clientResponderId,
  DEVNET_CHAIN_ID,
  devnetAccount,
  NetworkAccess,
  type NetworkPlan,
} from "@mobilecoin-ts/devnet";
import { ConsensusConnection, type LedgerAccess, Wallet } from "@mobilecoin-ts/sdk";
import { grpcTransport } from "@mobilecoin-ts/service";
import { type Tx, txCodec } from "@mobilecoin-ts/transaction";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { mutateProtobuf } from "../fuzz/protobuf-mutation.ts";
import type { FuzzRandom } from "../fuzz/random.ts";
import { framed, type Pipeline } from "./pipeline.ts";
import { bytesField } from "./proto-fields.ts";
import type { Overheard } from "./shots.ts";

const REMEMBERED = 64;
const PAUSE_MS = 200;

const TIP_AGE_MS = 20;

type Tip = ReturnType<Overheard["tip"]>;
type Heard = { readonly channelId: Uint8Array; readonly data: Uint8Array };

/** Trusts the enclave of a local network. */
async function networkVerifier(plan: NetworkPlan): Promise<EvidenceVerifier> {
  const { sha256 } = await consensusEnclaveBundle();
  return evidenceVerifier({
    identities: [ownIdentity(simulatedMeasurement(sha256, consensusEnclave.productId).mrEnclave)],
    root: await readAttestationRoot(join(plan.dataDir, "attestation", DEVELOPMENT_CERTIFICATE_FILE)),
    time: () => new Date(),
    chainId: DEVNET_CHAIN_ID,
  });
}

/** Pays on and on over one session, and notes what attackers may overhear. */
export class HonestWallet implements Overheard {
  readonly messages: Heard[] = [];
  readonly txs: Uint8Array[] = [];
  readonly failures: string[] = [];
  readonly confirmMs: number[] = [];
  /** Handshakes: one is all it ever needs. */
  handshakes = 0;
  readonly verify: EvidenceVerifier;
  readonly #access: NetworkAccess;
  readonly #close: () => void;
  readonly #wallet: Wallet;
  #tip: Tip = { index: 0n, id: new Uint8Array(32) };
  #tipAt = Number.NEGATIVE_INFINITY;
  #stopping = false;
  #paying: Promise<void> | undefined;

  private constructor(plan: NetworkPlan, access: NetworkAccess, verify: EvidenceVerifier) {
    const node = plan.nodes[0]!;
    const inner = grpcTransport(
      new ServiceUri("consensusClient", `insecure-mc://127.0.0.1:${node.clientPort}/`),
    );
    const connection = new ConsensusConnection({
      transport: {
        unary: async (method, signal, timeoutMs, header, input, contextValues) => {
          if (method.name === "Auth") this.handshakes++;
          const answer = await inner.unary(method, signal, timeoutMs, header, input, contextValues);
          if ("channelId" in input && "data" in input)
            keep(this.messages, { channelId: bytesOf(input.channelId), data: bytesOf(input.data) });
          return answer;
        },
        stream: (...call) => inner.stream(...call),
      },
      responderId: clientResponderId(node),
      verify,
      chainId: DEVNET_CHAIN_ID,
    });
    const ledger: LedgerAccess = {
      networkState: () => access.networkState(),
      blocks: (from, to) => access.blocks(from, to),
      provenTxOuts: (indices) => access.provenTxOuts(indices),
      propose: (tx: Tx) => {
        keep(this.txs, txCodec.encode(tx));
        return connection.propose(tx);
      },
    };
    this.verify = verify;
    this.#access = access;
    this.#close = () => {
      connection.close();
      inner.close();
    };
    this.#wallet = new Wallet({ account: devnetAccount(1), ledger, tombstoneDistance: 1000n });
  }

  static async open(plan: NetworkPlan): Promise<HonestWallet> {
    return new HonestWallet(plan, await NetworkAccess.open(plan), await networkVerifier(plan));
  }

  /** The last block, read at most every `TIP_AGE_MS`. */
  readonly tip = (): Tip => {
    if (performance.now() - this.#tipAt > TIP_AGE_MS) {
      const { store } = this.#access;
      const { index, id } = store.latestBlock();
      this.#tip = { index, id };
      this.#tipAt = performance.now();
    }
    return this.#tip;
  };

  /** Makes one payment and waits until it is in a block. */
  async payOnce(): Promise<void> {
    const started = performance.now();
    const prepared = await this.#wallet.prepare({ to: devnetAccount(2).defaultSubaddress, amount: 5n });
    await (await this.#wallet.submit(prepared)).confirmed();
    this.confirmMs.push(performance.now() - started);
  }

  start(): void {
    this.#paying = (async () => {
      while (!this.#stopping && this.failures.length < 5) {
        try {
          await this.payOnce();
        } catch (error) {
          this.failures.push(
            `an honest payment failed: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    })();
  }

  async sync(): Promise<void> {
    await this.#wallet.sync();
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await this.#paying;
    this.#close();
    await this.#access.close();
  }
}

/** A session of the attacker's own, on which messages come forged and out of order; returns what went wrong. */
export async function disorderlySession(
  random: FuzzRandom,
  pipeline: Pipeline,
  { verify, txs }: HonestWallet,
  responderId: string,
): Promise<{ readonly outcomes: string[]; readonly failure: string | undefined }> {
  const headers = { "content-type": "application/grpc", te: "trailers" };
  const client = new AttestedClient({ responderId, verify });
  const auth = await pipeline.send({
    path: "/attest.AttestedApi/Auth",
    headers,
    body: framed(bytesField(1, client.authRequest())),
  });
  const outcomes = [auth.outcome];
  if (auth.outcome !== "grpc:0") return { outcomes, failure: `a handshake was answered ${auth.outcome}` };
  client.processAuthResponse(fieldOne(auth.body.subarray(5)));
  const propose = async (data: Uint8Array): Promise<string> => {
    const { outcome } = await pipeline.send({
      path: "/consensus_client.ConsensusClientAPI/ClientTxPropose",
      headers,
      body: framed(bytesFields(client.channelId, data)),
    });
    outcomes.push(outcome);
    return outcome;
  };
  const none = new Uint8Array(0);
  const junk = (): Uint8Array => client.encrypt(none, random.bytes(1 + random.below(300))).data;
  const [first, second, third] = [junk(), junk(), junk()];
  const flipped = third.slice();
  flipped[random.below(flipped.length)]! ^= 1 << random.below(8);
  // In turn: ahead of its turn, in turn, replayed, in turn, forged, and the one that was forged.
  const wanted: readonly (readonly [Uint8Array, string])[] = [
    [second, "grpc:7"],
    [first, "grpc:13"],
    [first, "grpc:7"],
    [second, "grpc:13"],
    [flipped, "grpc:7"],
    [third, "grpc:13"],
  ];
  for (const [data, due] of wanted) {
    const outcome = await propose(data);
    if (outcome !== due)
      return { outcomes, failure: `a session went out of step: ${outcomes.join(", ")}, wanted ${due}` };
  }
  const tx = txs.length > 0 ? random.pick(txs) : none;
  const outcome = await propose(client.encrypt(none, mutateProtobuf(random, tx, tx)).data);
  const isAnswer = outcome === "grpc:0" || outcome === "grpc:13" || outcome === "grpc:14";
  return { outcomes, failure: isAnswer ? undefined : `a mutated transaction was answered ${outcome}` };
}

function bytesFields(channelId: Uint8Array, data: Uint8Array): Uint8Array {
  const [channel, content] = [bytesField(2, channelId), bytesField(3, data)];
  const message = new Uint8Array(channel.length + content.length);
  message.set(channel);
  message.set(content, channel.length);
  return message;
}

/** The content of field 1, the only one of the message. */
function fieldOne(message: Uint8Array): Uint8Array {
  let at = 1;
  while ((message[at++] ?? 0) >= 0x80);
  return message.subarray(at);
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value.slice() : new Uint8Array(0);
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}
