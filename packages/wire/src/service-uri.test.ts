import { ed25519PublicKey, encodeEd25519PublicDer } from "@mobilecoin-ts/crypto";
import { base64url } from "@scure/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WireError } from "./error.ts";
import { nodeIdsEqual, parseResponderId } from "./responder-id.ts";
import { SERVICES, type ServiceKind, ServiceUri } from "./service-uri.ts";

const kinds = Object.keys(SERVICES) as ServiceKind[];
const client = (text: string) => new ServiceUri("consensusClient", text);
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return "accepted";
};

describe("service URI", () => {
  test.each(kinds)("%s takes its two schemes with their default ports", (kind) => {
    const { scheme, securePort, insecurePort } = SERVICES[kind];
    const secure = new ServiceUri(kind, `${scheme}://a.b`);
    expect([secure.useTls, secure.port, String(secure)]).toEqual([
      true,
      securePort,
      `${scheme}://a.b:${securePort}/`,
    ]);
    const insecure = new ServiceUri(kind, `insecure-${scheme}://a.b:7/`);
    expect([insecure.useTls, insecure.address]).toEqual([false, "a.b:7"]);
    expect(new ServiceUri(kind, `insecure-${scheme}://a.b/`).port).toBe(insecurePort);
    expect(codeOf(() => new ServiceUri(kind, "https://a.b"))).toBe("UnknownScheme");
  });

  test.each([
    ["", "UrlParse"],
    ["127.0.0.1:12345", "UrlParse"],
    ["mc://a:99999/", "UrlParse"],
    ["mc://a b/", "UrlParse"],
    ["mc:", "MissingHost"],
    ["mc:///path", "MissingHost"],
    ["localhost:3223", "MissingHost"],
    ["mcp://a/", "UnknownScheme"],
    ["mc-insecure://a/", "UnknownScheme"],
    ["mc://%ff@a/", "PercentDecoding"],
    ["mc://u:%C3@a/", "PercentDecoding"],
  ])("refuses %j with %s", (text, code) => {
    expect(codeOf(() => client(text))).toBe(code);
  });

  test("decodes credentials, leaving a lone percent sign", () => {
    const uri = client("mc://us%3Aer%zz:p%C3%A4ss:w%2540@host/");
    expect([uri.username, uri.password]).toEqual(["us:er%zz", "päss:w%40"]);
  });

  test("shows neither credentials nor path nor query", () => {
    expect(String(client("mc://user:secret@Host:1/path?x=y"))).toBe("mc://Host:1/");
  });

  test("adds the trailing slash, and counts everything else as a difference", () => {
    expect(client("mc://a").equals(client("mc://a/"))).toBe(true);
    expect(client("mc://a/b").equals(client("mc://a/b/"))).toBe(true);
    for (const other of ["mc://a:443/", "mc://a/?x=1", "mc://u@a/", "mc://A/", "insecure-mc://a/"]) {
      expect(client("mc://a/").equals(client(other))).toBe(false);
    }
  });

  test("takes the first non-empty value of a parameter, decoded as a form", () => {
    const uri = client("mc://a/?x=&x=1+2%2B&x=3&empty=");
    expect([uri.parameter("x"), uri.parameter("empty"), uri.parameter("none")]).toEqual([
      "1 2+",
      undefined,
      undefined,
    ]);
  });

  test("reads the flags of a peer", () => {
    const peer = (query: string) => new ServiceUri("consensusPeer", `mcp://a/?${query}`);
    const flags = (query: string) => [peer(query).relaysIncomingTxs, peer(query).broadcastsConsensusMessages];
    expect(flags("")).toEqual([false, true]);
    expect(flags("consensus-relay-incoming-txs=1&broadcast-consensus-msgs=1")).toEqual([true, true]);
    expect(flags("consensus-relay-incoming-txs=true&broadcast-consensus-msgs=true")).toEqual([true, false]);
    expect(flags("consensus-relay-incoming-txs=yes&broadcast-consensus-msgs=0")).toEqual([false, false]);
  });

  test("names the node: responder id and message key, in either form of the key", () => {
    const key = ed25519PublicKey(new Uint8Array(32).fill(7));
    const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const der = base64url.encode(encodeEd25519PublicDer(key));
    const first = new ServiceUri("consensusPeer", `mcp://a/?consensus-msg-key=${hex}`).nodeId;
    const second = new ServiceUri("consensusPeer", `mcp://a/?consensus-msg-key=${der}&responder-id=b:1`)
      .nodeId;
    expect(first).toEqual({ responderId: "a:8443", publicKey: key });
    expect(second).toEqual({ responderId: "b:1", publicKey: key });
    expect(nodeIdsEqual(first, second)).toBe(true);
    expect(nodeIdsEqual(first, { ...first, publicKey: new Uint8Array(32) })).toBe(false);
  });

  test.each([
    ["", "NoPubkey"],
    ["consensus-msg-key=", "NoPubkey"],
    ["consensus-msg-key=a%2Fb%2B", "Base64Decode"],
    ["consensus-msg-key=MCow", "KeyConversion"],
    ["consensus-msg-key=0011", "KeyConversion"],
    [`consensus-msg-key=${"02".padEnd(64, "0")}`, "KeyConversion"],
  ])("refuses the message key of %j with %s", (query, code) => {
    expect(codeOf(() => client(`mc://a/?${query}`).consensusMessageKey)).toBe(code);
  });

  test("refuses a responder id without a colon", () => {
    expect(codeOf(() => client("mc://a/?responder-id=a").responderId)).toBe("ResponderId");
    expect(codeOf(() => parseResponderId("a"))).toBe("InvalidFormat");
    expect(parseResponderId("a:b:c")).toBe("a:b:c");
  });

  test("comes from a responder id", () => {
    const uri = ServiceUri.fromResponderId("fogLedger", "node.test:1", false);
    expect([String(uri), uri.subdomain, uri.responderId]).toEqual([
      "insecure-fog-ledger://node.test:1/",
      "node",
      "node.test:1",
    ]);
    expect(client("mc://localhost/").subdomain).toBeUndefined();
  });

  test("fails on any text with a WireError only, and reads what it normalised to the same", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }).map((rest) => `mc://${rest}`),
      fc.webUrl().map((url) => url.replace(/^https?/, "insecure-mc")),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        if (codeOf(() => client(candidate)) !== "accepted") return;
        expect(client(client(candidate).href).equals(client(candidate))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
