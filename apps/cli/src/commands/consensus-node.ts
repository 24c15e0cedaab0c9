import { existsSync, readFileSync } from "node:fs";
import { requireRootForChain, SimulatedQuotingEnclave } from "@mobilecoin-ts/attestation";
import { loadOrCreateDevelopmentAuthority } from "@mobilecoin-ts/attestation/files";
import {
  DEFAULT_TOKENS_CONFIG,
  formatNetworkConfig,
  networkFileFormat,
  parseNetworkConfig,
  parseTokensConfig,
  resolveNetworkConfig,
} from "@mobilecoin-ts/consensus";
import { startConsensusEnclave } from "@mobilecoin-ts/consensus/enclave";
import { ConsensusNode, SealedKeyFile } from "@mobilecoin-ts/consensus/node";
import {
  decodeEd25519PrivateDer,
  ed25519PublicKey,
  encodeEd25519PublicDer,
  hexToBytes,
} from "@mobilecoin-ts/crypto";
import type { EnclaveMode } from "@mobilecoin-ts/enclave";
import { importArchive, LedgerStore, openArchives } from "@mobilecoin-ts/ledger/store";
import { createLogger, gracefulRun, MetricsRegistry, tokenAuthenticator } from "@mobilecoin-ts/service";
import { blockVersion } from "@mobilecoin-ts/transaction";
import { type ServiceKind, ServiceUri } from "@mobilecoin-ts/wire";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { printLine } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { examples } from "./shared-options.ts";

interface NodeOptions {
  readonly chainId: string;
  readonly peerResponderId: string;
  readonly clientResponderId: string;
  /** Not parsed by the command line, whose errors quote what was given. */
  readonly msgSignerKey: string;
  readonly network: string;
  readonly peerListenUri: ServiceUri;
  readonly clientListenUri: ServiceUri;
  readonly adminListenUri?: ServiceUri;
  readonly ledgerPath: string;
  readonly originBlockPath?: string;
  readonly sealedBlockSigningKey: string;
  /** Not parsed by the command line, as above. */
  readonly clientAuthTokenSecret?: string;
  readonly clientAuthTokenMaxLifetime: number;
  readonly tokens?: string;
  readonly blockVersion: number;
  readonly clientTrackingCapacity: number;
  readonly mintingTrustRoot?: Uint8Array;
  readonly enclaveMode: "worker" | "process";
  readonly enclaveWorkers: number;
  readonly developmentRoot: string;
  readonly sealFolder: string;
  readonly log: string;
}

/** `mobilecoin consensus-node`: one validator, from files in the reference's formats (04 section 2.15). */
export function addConsensusNodeCommand(program: Command, { terminal }: CommandContext): void {
  const required = (flags: string, description: string, env: string): Option =>
    new Option(flags, description).env(env).makeOptionMandatory();
  const uri = (kind: ServiceKind) => (text: string) => parseUri(kind, text);
  program
    .command("consensus-node")
    .description("run a consensus node (its enclave is simulated, under a development root)")
    .addOption(required("--chain-id <id>", "name of the network", "MC_CHAIN_ID"))
    .addOption(required("--peer-responder-id <host:port>", "as peers dial this node", "MC_PEER_RESPONDER_ID"))
    .addOption(
      required("--client-responder-id <host:port>", "as clients dial this node", "MC_CLIENT_RESPONDER_ID"),
    )
    .addOption(
      required(
        "--msg-signer-key <base64>",
        "private key that signs consensus messages: base64 of its DER form, as openssl genpkey -algorithm ed25519 -outform DER makes it",
        "MC_MSG_SIGNER_KEY",
      ),
    )
    .addOption(required("--network <file>", "peers and quorum set, .toml or .json", "MC_NETWORK"))
    .addOption(
      new Option("--peer-listen-uri <uri>", "where to listen for peers")
        .env("MC_PEER_LISTEN_URI")
        .argParser(uri("consensusPeer"))
        .default(parseUri("consensusPeer", "insecure-mcp://0.0.0.0:8080/"), "insecure-mcp://0.0.0.0:8080/"),
    )
    .addOption(
      new Option("--client-listen-uri <uri>", "where to listen for clients")
        .env("MC_CLIENT_LISTEN_URI")
        .argParser(uri("consensusClient"))
        .default(parseUri("consensusClient", "insecure-mc://0.0.0.0:3223/"), "insecure-mc://0.0.0.0:3223/"),
    )
    .addOption(
      new Option("--admin-listen-uri <uri>", "where to listen for operators; nowhere unless given")
        .env("MC_ADMIN_LISTEN_URI")
        .argParser(uri("admin")),
    )
    .addOption(required("--ledger-path <folder>", "the node's ledger", "MC_LEDGER_PATH"))
    .addOption(
      new Option(
        "--origin-block-path <folder>",
        "ledger or archive folder whose origin block an empty ledger begins with",
      ).env("MC_ORIGIN_BLOCK_PATH"),
    )
    .addOption(
      required(
        "--sealed-block-signing-key <file>",
        "where the enclave's sealed signing key is kept",
        "MC_SEALED_BLOCK_SIGNING_KEY",
      ),
    )
    .addOption(
      new Option("--client-auth-token-secret <hex>", "32 bytes; clients then need tokens made with it").env(
        "MC_CLIENT_AUTH_TOKEN_SECRET",
      ),
    )
    .addOption(
      new Option("--client-auth-token-max-lifetime <seconds>", "how long a client's token is good")
        .env("MC_CLIENT_AUTH_TOKEN_MAX_LIFETIME")
        .default(86_400)
        .argParser(parseCount),
    )
    .addOption(new Option("--tokens <file>", "tokens.json; token 0 alone unless given").env("MC_TOKENS"))
    .addOption(
      new Option("--block-version <n>", "version of the blocks that are formed, 0 to 4")
        .env("MC_BLOCK_VERSION")
        .default(0)
        .argParser(parseCount),
    )
    .addOption(
      new Option("--client-tracking-capacity <n>", "client sessions that are told apart")
        .env("MC_CLIENT_TRACKING_CAPACITY")
        .default(10_000)
        .argParser(parseCount),
    )
    .addOption(
      new Option("--minting-trust-root <hex>", "public key that signs governors, where not the default")
        .env("MC_MINTING_TRUST_ROOT")
        .argParser(parseKey),
    )
    .addOption(
      new Option("--enclave-mode <mode>", "how the simulated enclave runs")
        .choices(["worker", "process"])
        .default("process"),
    )
    .addOption(
      new Option("--enclave-workers <n>", "threads for validation besides the enclave's own")
        .default(0)
        .argParser(parseCount),
    )
    .requiredOption(
      "--development-root <folder>",
      "development authority under which the enclave's evidence is made; made there the first time",
    )
    .requiredOption(
      "--seal-folder <folder>",
      "where the key that stands in for the processor's sealing key is kept",
    )
    .option("--log <filter>", "what is logged, such as info,mc_consensus=debug", "info")
    .addHelpText(
      "after",
      examples(
        "mobilecoin consensus-node --chain-id local --peer-responder-id localhost:3300 --client-responder-id localhost:3200 \\\n" +
          "      --msg-signer-key MC4CAQ... --network network.toml --tokens tokens.json --block-version 4 \\\n" +
          "      --ledger-path ledger --sealed-block-signing-key sealed-key --development-root attestation --seal-folder seal",
      ),
    )
    .action((options: NodeOptions) => runConsensusNode(options, (line) => printLine(terminal, line)));
}

async function runConsensusNode(options: NodeOptions, say: (line: string) => void): Promise<void> {
  const { chainId, peerResponderId, clientResponderId } = options;
  // Before anything is made: nothing simulated belongs to these networks.
  requireRootForChain({ der: new Uint8Array(0), kind: "development" }, chainId);
  const messageSigningSeed = parseSignerKey(options.msgSignerKey);
  const secret =
    options.clientAuthTokenSecret === undefined ? undefined : parseSecret(options.clientAuthTokenSecret);
  const authority = await loadOrCreateDevelopmentAuthority(options.developmentRoot);
  const network = parseNetworkConfig(readFile(options.network), networkFileFormat(options.network));
  const tokens =
    options.tokens === undefined ? DEFAULT_TOKENS_CONFIG : parseTokensConfig(readFile(options.tokens));
  const logger = createLogger({ name: "mc_consensus", level: options.log });
  const failed = new AbortController();
  const onFatal = (error: unknown): void => {
    logger.fatal({ err: error }, "the node cannot go on");
    process.exitCode = 1;
    failed.abort();
  };
  await gracefulRun(
    async (keep) => {
      const store = keep(LedgerStore.open(options.ledgerPath, { create: true }));
      await requireOrigin(store, options.originBlockPath);
      const enclave = keep(
        await startConsensusEnclave({
          mode: { kind: options.enclaveMode } satisfies EnclaveMode,
          sealFolder: options.sealFolder,
          root: authority.root,
          workers: options.enclaveWorkers,
          onLog: (level, text) => logger.info({ level }, text),
          onExit: (reason) => onFatal(new Error(`the enclave ended: ${reason}`)),
        }),
      );
      const { adminListenUri, mintingTrustRoot } = options;
      keep(
        await ConsensusNode.start({
          chainId,
          peerResponderId,
          clientResponderId,
          messageSigningSeed,
          network: resolveNetworkConfig(network, peerResponderId),
          txSourceUrls: network.txSourceUrls,
          config: { ...tokens, blockVersion: blockVersion(options.blockVersion) },
          store,
          enclave: enclave.calls,
          quoting: new SimulatedQuotingEnclave({ authority, now: () => new Date() }),
          sealedKeyFile: new SealedKeyFile(options.sealedBlockSigningKey),
          peerListenUri: options.peerListenUri,
          clientListenUri: options.clientListenUri,
          trackedSessions: options.clientTrackingCapacity,
          ...(adminListenUri === undefined ? {} : { adminListenUri }),
          ...(mintingTrustRoot === undefined ? {} : { mintingTrustRoot }),
          ...(secret === undefined
            ? {}
            : {
                authenticator: tokenAuthenticator({
                  secret,
                  maxLifetimeSeconds: options.clientAuthTokenMaxLifetime,
                }),
              }),
          logger,
          metrics: new MetricsRegistry({ processMetrics: true }),
          describeConfig: () => describeConfig(options, ed25519PublicKey(messageSigningSeed), network),
          onFatal,
        }),
      );
      say(
        `Consensus node ${peerResponderId}: clients at ${options.clientListenUri.href}, peers at ${options.peerListenUri.href} (Ctrl-C ends)`,
      );
    },
    { logger, stop: failed.signal },
  );
}

/** An empty ledger begins with the origin block of another one. */
async function requireOrigin(store: LedgerStore, path: string | undefined): Promise<void> {
  if (store.blockCount() > 0n || path === undefined) return;
  if (!existsSync(path)) {
    throw new CliError(`there is no folder ${path} to take the origin block from`, {
      advice: "name a ledger folder or an archive folder of the network",
    });
  }
  if (existsSync(`${path}/data.mdb`)) {
    await using origin = LedgerStore.open(path, { readOnly: true });
    store.appendBlock(origin.blockData(0n));
  } else {
    await importArchive(store, openArchives([path]), { blockCount: 1n });
  }
}

/** `config` and `network` of the admin service's information (04 section 2.9.4). */
function describeConfig(
  options: NodeOptions,
  publicKey: Uint8Array,
  network: ReturnType<typeof parseNetworkConfig>,
): object {
  const base64Url = Buffer.from(encodeEd25519PublicDer(publicKey)).toString("base64url");
  return {
    config: {
      public_key: [...publicKey],
      peer_responder_id: options.peerResponderId,
      client_responder_id: options.clientResponderId,
      message_pubkey: base64Url.padEnd(Math.ceil(base64Url.length / 4) * 4, "="),
      network: options.network,
      peer_listen_uri: options.peerListenUri.href,
      client_listen_uri: options.clientListenUri.href,
      admin_listen_uri: options.adminListenUri?.href ?? null,
      ledger_path: options.ledgerPath,
      scp_debug_dump: null,
      client_auth_token_enabled: options.clientAuthTokenSecret !== undefined,
      client_auth_token_max_lifetime: options.clientAuthTokenMaxLifetime,
    },
    network: JSON.parse(formatNetworkConfig(network)),
  };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, { cause, advice: "check the path and who may read it" });
  }
}

function parseUri(kind: ServiceKind, text: string): ServiceUri {
  try {
    return new ServiceUri(kind, text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : "it is no such URI");
  }
}

function parseSignerKey(text: string): Uint8Array {
  try {
    return decodeEd25519PrivateDer(new Uint8Array(Buffer.from(text, "base64")));
  } catch {
    // Neither the value nor the cause is told: both may hold most of a key.
    throw new CliError("the message signer key is not base64 of a private Ed25519 key in DER (48 bytes)", {
      advice: "make one with: openssl genpkey -algorithm ed25519 -outform DER | openssl base64 -A",
    });
  }
}

function parseSecret(text: string): Uint8Array {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return hexToBytes(text);
  throw new CliError("the secret for client tokens is not 64 hex digits", {
    advice: "make one with: openssl rand -hex 32",
  });
}

function parseKey(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError("give 64 hex digits");
  return hexToBytes(text);
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("give a whole number");
  return Number(text);
}
