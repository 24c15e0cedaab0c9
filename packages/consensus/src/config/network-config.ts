import { isValidQuorumSet, type QuorumSet, type QuorumSetMember } from "@mobilecoin-ts/scp";
import { type NodeId, parseResponderId, ServiceUri, WireError } from "@mobilecoin-ts/wire";
import { at, type Document, refuseValue } from "../document/document.ts";
import { formatJson, parseJson } from "../document/json.ts";
import { list, mapOf, mapped, optional, type Shape, struct, text, u32 } from "../document/shape.ts";
import { parseToml } from "../document/toml.ts";
import { ConsensusError } from "../error.ts";

/** A quorum set as operators write it: nodes by responder id. */
export interface QuorumSetConfig {
  readonly threshold: number;
  readonly members: readonly QuorumSetMemberConfig[];
}

export type QuorumSetMemberConfig =
  | { readonly kind: "node"; readonly responderId: string }
  | { readonly kind: "innerSet"; readonly set: QuorumSetConfig };

/** A node's network file (04 section 2.15). */
export interface NetworkConfig {
  /** Peers that the node connects to and sends its messages to. */
  readonly broadcastPeers: readonly ServiceUri[];
  /** Peers that the node merely knows the keys of. */
  readonly knownPeers: readonly ServiceUri[];
  /** Archives that blocks are fetched from to catch up. */
  readonly txSourceUrls: readonly string[];
  readonly quorumSet: QuorumSetConfig;
}

export type NetworkFileFormat = "toml" | "json";

/** @throws ConsensusError `UnknownFileExtension` */
export function networkFileFormat(path: string): NetworkFileFormat {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1];
  if (extension === "toml" || extension === "json") return extension;
  throw new ConsensusError(
    "UnknownFileExtension",
    `the network file's name ends in neither .toml nor .json, so its format is unknown; rename it`,
  );
}

const peerUriShape: Shape<ServiceUri> = {
  read(value) {
    const uri = text.read(value);
    try {
      return new ServiceUri("consensusPeer", uri);
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      throw refuseValue("is no mcp:// or insecure-mcp:// URI", cause);
    }
  },
  write: (uri) => uri.href,
};

const responderIdShape: Shape<string> = {
  read(value) {
    try {
      return parseResponderId(text.read(value));
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      throw refuseValue("is not of the form host:port", cause);
    }
  },
  write: (value) => value,
};

const memberShape: Shape<QuorumSetMemberConfig> = {
  read(value) {
    const map = mapOf(value);
    const args = map.get("args");
    switch (map.get("type")) {
      case "Node":
        return { kind: "node", responderId: at("args", () => responderIdShape.read(args)) };
      case "InnerSet":
        return { kind: "innerSet", set: at("args", () => quorumSetShape.read(args)) };
      default:
        throw refuseValue('has a type that is neither "Node" nor "InnerSet"');
    }
  },
  write: (member) =>
    new Map<string, Document>(
      member.kind === "node"
        ? [
            ["type", "Node"],
            ["args", member.responderId],
          ]
        : [
            ["type", "InnerSet"],
            ["args", quorumSetShape.write(member.set)],
          ],
    ),
};

const quorumSetShape: Shape<QuorumSetConfig> = struct<QuorumSetConfig>({
  threshold: ["threshold", u32],
  members: ["members", list(memberShape)],
});

const networkConfigShape: Shape<NetworkConfig> = struct<NetworkConfig>({
  broadcastPeers: ["broadcast_peers", list(peerUriShape)],
  txSourceUrls: ["tx_source_urls", list(text)],
  knownPeers: [
    "known_peers",
    mapped(
      optional(list(peerUriShape)),
      (peers) => peers ?? [],
      (peers) => peers,
    ),
  ],
  quorumSet: ["quorum_set", quorumSetShape],
});

/**
 * Reads a network file. What needs the node's own name, and the keys of peers, is left to `resolveNetworkConfig`.
 *
 * @throws ConsensusError `Malformed`, `LimitExceeded`, `InvalidField`, `InvalidUri` (no responder id),
 * `DuplicateResponderId`, `MissingTxSourceUrls`
 */
export function parseNetworkConfig(content: string, format: NetworkFileFormat): NetworkConfig {
  const config = networkConfigShape.read(format === "toml" ? parseToml(content) : parseJson(content));
  const seen = new Set<string>();
  for (const uri of [...config.broadcastPeers, ...config.knownPeers]) {
    const responderId = ofUri(uri, () => uri.responderId);
    if (seen.has(responderId)) {
      throw new ConsensusError(
        "DuplicateResponderId",
        `two peers have the responder id ${responderId}; a peer may stand in broadcast_peers or known_peers, once`,
      );
    }
    seen.add(responderId);
  }
  if (config.broadcastPeers.length > 0 && config.txSourceUrls.length === 0) {
    throw new ConsensusError(
      "MissingTxSourceUrls",
      "there are broadcast_peers and no tx_source_urls, so the node could not catch up with them; add an archive",
    );
  }
  return config;
}

/** The network file in JSON. */
export function formatNetworkConfig(config: NetworkConfig): string {
  return formatJson(networkConfigShape.write(config));
}

/** A peer and who it is. */
export interface NetworkPeer {
  readonly uri: ServiceUri;
  readonly nodeId: NodeId;
}

export interface ResolvedNetwork {
  readonly broadcastPeers: readonly NetworkPeer[];
  readonly knownPeers: readonly NetworkPeer[];
  /** Members in the order of the file. */
  readonly quorumSet: QuorumSet;
}

/**
 * The network as one node sees it: every peer with its key, and the quorum set by node ids.
 *
 * @param responderId the node's own, as its peers dial it.
 * @throws ConsensusError `KnownPeersContainsSelf`, `InvalidUri` (no key, or none that is one), `InvalidQuorumSet`,
 * `UnknownQuorumSetMember`
 */
export function resolveNetworkConfig(config: NetworkConfig, responderId: string): ResolvedNetwork {
  const peersOf = (uris: readonly ServiceUri[]) =>
    uris.map((uri): NetworkPeer => ({ uri, nodeId: ofUri(uri, () => uri.nodeId) }));
  const isSelf = (uri: ServiceUri) => ofUri(uri, () => uri.responderId) === responderId;
  if ([...config.broadcastPeers, ...config.knownPeers].some(isSelf)) {
    throw new ConsensusError(
      "KnownPeersContainsSelf",
      `the node's own responder id ${responderId} stands among its peers; remove it from the network file`,
    );
  }
  const broadcastPeers = peersOf(config.broadcastPeers);
  const knownPeers = peersOf(config.knownPeers);
  const nodes = new Map(
    [...broadcastPeers, ...knownPeers].map(({ nodeId }) => [nodeId.responderId, nodeId] as const),
  );
  const quorumSet = resolveQuorumSet(config.quorumSet, nodes);
  if (!isValidQuorumSet(quorumSet)) {
    throw new ConsensusError(
      "InvalidQuorumSet",
      "a threshold of the quorum set is above the number of its members, so it could never be met; lower it",
    );
  }
  return { broadcastPeers, knownPeers, quorumSet };
}

function resolveQuorumSet(
  { threshold, members }: QuorumSetConfig,
  nodes: ReadonlyMap<string, NodeId>,
): QuorumSet {
  return {
    threshold,
    members: members.map((member): QuorumSetMember => {
      if (member.kind === "innerSet") return { kind: "innerSet", set: resolveQuorumSet(member.set, nodes) };
      const node = nodes.get(member.responderId);
      if (node !== undefined) return { kind: "node", node };
      throw new ConsensusError(
        "UnknownQuorumSetMember",
        `the quorum set names ${member.responderId}, whose key is unknown; add it to broadcast_peers or known_peers`,
      );
    }),
  };
}

function ofUri<T>(uri: ServiceUri, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new ConsensusError("InvalidUri", `the peer ${uri} cannot be used: ${cause.message}`, cause);
  }
}
