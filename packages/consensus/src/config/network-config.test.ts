import { bytesToHex, ed25519PublicKey, encodeEd25519PublicDer } from "@mobilecoin-ts/crypto";
import { describe, expect, it } from "vitest";
import {
  formatNetworkConfig,
  networkFileFormat,
  parseNetworkConfig,
  resolveNetworkConfig,
} from "./network-config.ts";

const key = (fill: number) => ed25519PublicKey(new Uint8Array(32).fill(fill));
const uri = (host: string, fill: number, rest = "") =>
  `mcp://${host}.example:8443/?consensus-msg-key=${bytesToHex(key(fill))}${rest}`;
const der = btoa(String.fromCharCode(...encodeEd25519PublicDer(key(3))))
  .replaceAll("+", "-")
  .replaceAll("/", "_");

const NETWORK = `
broadcast_peers = ["${uri("b", 2)}", "insecure-mcp://c.example/?consensus-msg-key=${der}&responder-id=see:1"]
tx_source_urls = ["https://archive.example/b/"]
known_peers = ["${uri("d", 4)}"]

[quorum_set]
threshold = 2
members = [
  { type = "Node", args = "d.example:8443" },
  { type = "InnerSet", args = { threshold = 1, members = [
    { type = "Node", args = "b.example:8443" },
    { type = "Node", args = "see:1" },
  ] } },
]
`;

const json = (overrides: object = {}) =>
  JSON.stringify({
    broadcast_peers: [uri("b", 2)],
    tx_source_urls: ["file:///archive"],
    known_peers: [uri("d", 4)],
    quorum_set: { threshold: 1, members: [{ type: "Node", args: "b.example:8443" }] },
    ...overrides,
  });

const refusal = (code: string) => expect.objectContaining({ name: "ConsensusError", code });

describe("parseNetworkConfig", () => {
  it("reads TOML, and its JSON form the same", () => {
    const config = parseNetworkConfig(NETWORK, "toml");
    expect(config.broadcastPeers.map(({ responderId }) => responderId)).toEqual(["b.example:8443", "see:1"]);
    expect(config.txSourceUrls).toEqual(["https://archive.example/b/"]);
    const again = parseNetworkConfig(formatNetworkConfig(config), "json");
    expect(again.quorumSet).toEqual(config.quorumSet);
    expect(formatNetworkConfig(again)).toBe(formatNetworkConfig(config));
  });

  it("does without known peers", () => {
    expect(parseNetworkConfig(json({ known_peers: undefined }), "json").knownPeers).toEqual([]);
    expect(parseNetworkConfig(json({ known_peers: null }), "json").knownPeers).toEqual([]);
  });

  it("refuses a responder id twice, in either list", () => {
    expect(() => parseNetworkConfig(json({ broadcast_peers: [uri("b", 2), uri("b", 3)] }), "json")).toThrow(
      refusal("DuplicateResponderId"),
    );
    expect(() => parseNetworkConfig(json({ known_peers: [uri("b", 2)] }), "json")).toThrow(
      refusal("DuplicateResponderId"),
    );
  });

  it("refuses peers without an archive, but not an archive-less network of none", () => {
    expect(() => parseNetworkConfig(json({ tx_source_urls: [] }), "json")).toThrow(
      refusal("MissingTxSourceUrls"),
    );
    expect(() => parseNetworkConfig(json({ tx_source_urls: [], broadcast_peers: [] }), "json")).not.toThrow();
  });

  it.each<[string, object, string]>([
    ["another scheme", { broadcast_peers: ["mc://b.example/"] }, "broadcast_peers[0] is no mcp://"],
    ["a URL that is none", { known_peers: ["b.example"] }, "known_peers[0] is no mcp://"],
    ["a missing quorum set", { quorum_set: undefined }, "quorum_set is missing"],
    ["missing peers", { broadcast_peers: undefined }, "broadcast_peers is not an array"],
    [
      "a node without a colon",
      { quorum_set: { threshold: 1, members: [{ type: "Node", args: "b" }] } },
      "quorum_set.members[0].args is not of the form host:port",
    ],
    [
      "an unknown kind of member",
      { quorum_set: { threshold: 1, members: [{ type: "node", args: "b:1" }] } },
      "neither",
    ],
    ["a threshold that is negative", { quorum_set: { threshold: -1, members: [] } }, "quorum_set.threshold"],
  ])("refuses %s", (_, overrides, text) => {
    expect(() => parseNetworkConfig(json(overrides), "json")).toThrow(
      expect.objectContaining({ code: "InvalidField", message: expect.stringContaining(text) }),
    );
  });

  it("refuses a responder id that is none", () => {
    expect(() =>
      parseNetworkConfig(json({ broadcast_peers: [uri("b", 2, "&responder-id=b")] }), "json"),
    ).toThrow(refusal("InvalidUri"));
  });

  it("refuses what is neither TOML nor JSON", () => {
    expect(() => parseNetworkConfig("{", "json")).toThrow(refusal("Malformed"));
    expect(() => parseNetworkConfig("{", "toml")).toThrow(refusal("Malformed"));
  });

  it("tells the format by the file's name", () => {
    expect(["a/network.toml", "network.v2.json"].map(networkFileFormat)).toEqual(["toml", "json"]);
    for (const name of ["network", "network.yaml", "a.json/network", ".toml/x"]) {
      expect(() => networkFileFormat(name)).toThrow(refusal("UnknownFileExtension"));
    }
  });
});

describe("resolveNetworkConfig", () => {
  it("finds the keys of the quorum set's members in both lists", () => {
    const resolved = resolveNetworkConfig(parseNetworkConfig(NETWORK, "toml"), "a.example:8443");
    const node = (responderId: string, fill: number) => ({
      kind: "node",
      node: { responderId, publicKey: key(fill) },
    });
    expect(resolved.quorumSet).toEqual({
      threshold: 2,
      members: [
        node("d.example:8443", 4),
        { kind: "innerSet", set: { threshold: 1, members: [node("b.example:8443", 2), node("see:1", 3)] } },
      ],
    });
    expect(resolved.broadcastPeers.map(({ nodeId }) => nodeId.responderId)).toEqual([
      "b.example:8443",
      "see:1",
    ]);
    expect(resolved.knownPeers.map(({ nodeId }) => nodeId.responderId)).toEqual(["d.example:8443"]);
  });

  const resolve = (overrides: object, self = "a.example:8443") =>
    resolveNetworkConfig(parseNetworkConfig(json(overrides), "json"), self);

  it("refuses a node among its own peers", () => {
    expect(() => resolve({}, "b.example:8443")).toThrow(refusal("KnownPeersContainsSelf"));
    expect(() => resolve({}, "d.example:8443")).toThrow(refusal("KnownPeersContainsSelf"));
  });

  it("refuses peers without a key, in the quorum set or not", () => {
    expect(() => resolve({ known_peers: ["mcp://d.example/"] })).toThrow(refusal("InvalidUri"));
    expect(() => resolve({ broadcast_peers: ["mcp://b.example/?consensus-msg-key=zz"] })).toThrow(
      refusal("InvalidUri"),
    );
  });

  it("refuses members it has no key of", () => {
    expect(() =>
      resolve({ quorum_set: { threshold: 1, members: [{ type: "Node", args: "e.example:1" }] } }),
    ).toThrow(refusal("UnknownQuorumSetMember"));
  });

  it("refuses a threshold above the number of members, at any depth", () => {
    const members = [{ type: "Node", args: "b.example:8443" }];
    expect(() => resolve({ quorum_set: { threshold: 2, members } })).toThrow(refusal("InvalidQuorumSet"));
    const inner = { type: "InnerSet", args: { threshold: 2, members } };
    expect(() => resolve({ quorum_set: { threshold: 1, members: [inner] } })).toThrow(
      refusal("InvalidQuorumSet"),
    );
  });
});
