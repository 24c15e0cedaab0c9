import { join } from "node:path";
import { evidenceVerifier } from "@mobilecoin-ts/attestation";
import { DEVELOPMENT_CERTIFICATE_FILE, readAttestationRoot } from "@mobilecoin-ts/attestation/files";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { ConsensusConnection, type ProposeOutcome, SdkError } from "@mobilecoin-ts/sdk";
import { type GrpcTransport, grpcTransport } from "@mobilecoin-ts/service";
import type { Tx } from "@mobilecoin-ts/transaction";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { clientResponderId, DEVNET_CHAIN_ID, type NetworkPlan, nodeLedgerFolder } from "./network-plan.ts";
import { authorityFolder, devnetConfig } from "./run-node.ts";
import { StoreAccess } from "./store-access.ts";
import { readTrustedEnclave } from "./trusted-enclave.ts";

interface Node {
  readonly store: LedgerStore;
  readonly connection: ConsensusConnection;
  readonly transport: GrpcTransport;
}

/**
 * A local network as a wallet sees it: ledgers are read from the nodes' folders, whichever is furthest, and transactions
 * go to a node's enclave through an attested channel.
 */
export class NetworkAccess extends StoreAccess implements AsyncDisposable {
  readonly #nodes: readonly Node[];
  #preferred: number;

  private constructor(plan: NetworkPlan, nodes: readonly Node[], preferred: number) {
    super(devnetConfig(plan.dataDir).fees);
    this.#nodes = nodes;
    this.#preferred = preferred;
  }

  /** @param preferred position of the node to propose to as long as it answers. */
  static async open(plan: NetworkPlan, preferred = 0): Promise<NetworkAccess> {
    const { dataDir } = plan;
    const root = await readAttestationRoot(join(authorityFolder(dataDir), DEVELOPMENT_CERTIFICATE_FILE));
    const verify = evidenceVerifier({
      identities: [readTrustedEnclave(dataDir)],
      root,
      time: () => new Date(),
      chainId: DEVNET_CHAIN_ID,
    });
    const nodes = plan.nodes.map((node): Node => {
      const responderId = clientResponderId(node);
      const transport = grpcTransport(
        new ServiceUri("consensusClient", `insecure-mc://127.0.0.1:${node.clientPort}/`),
      );
      return {
        store: LedgerStore.open(nodeLedgerFolder(node), { readOnly: true }),
        transport,
        connection: new ConsensusConnection({ transport, responderId, verify, chainId: DEVNET_CHAIN_ID }),
      };
    });
    return new NetworkAccess(plan, nodes, preferred % nodes.length);
  }

  /** The ledger that has the most blocks, for reading. */
  get store(): LedgerStore {
    return this.#nodes
      .map(({ store }) => store)
      .reduce((longest, store) => (store.blockCount() > longest.blockCount() ? store : longest));
  }

  /** The ledgers of all nodes, for reading, in the order of the plan. */
  get stores(): readonly LedgerStore[] {
    return this.#nodes.map(({ store }) => store);
  }

  /** Makes sure of an attested channel to the preferred node. Throws as `propose`. */
  async attest(): Promise<void> {
    await (this.#nodes[this.#preferred] as Node).connection.attest();
  }

  /** Proposes to the preferred node, or, where it does not answer, to the next that does. Throws what the last one did. */
  async propose(tx: Tx): Promise<ProposeOutcome> {
    let failure: unknown;
    for (let tried = 0; tried < this.#nodes.length; tried++) {
      const { connection } = this.#nodes[this.#preferred] as Node;
      try {
        return await connection.propose(tx);
      } catch (error) {
        if (!(error instanceof SdkError) || error.code !== "NodeUnavailable") throw error;
        failure = error;
        this.#preferred = (this.#preferred + 1) % this.#nodes.length;
      }
    }
    throw failure;
  }

  async close(): Promise<void> {
    for (const { connection, transport } of this.#nodes) {
      connection.close();
      transport.close();
    }
    await Promise.all(this.#nodes.map(({ store }) => store.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
