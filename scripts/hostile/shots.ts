import { AttestedClient, attestedMessageCodec } from "@mobilecoin-ts/attestation";
import { encodeConsensusMessage, signConsensusMessage } from "@mobilecoin-ts/consensus";
import { compareBytes, concat, ed25519PublicKey } from "@mobilecoin-ts/crypto";
import { DEVNET_CHAIN_ID } from "@mobilecoin-ts/devnet";
import { mutateBytes } from "../fuzz/byte-mutation.ts";
import { mutateProtobuf, repeatedField } from "../fuzz/protobuf-mutation.ts";
import type { FuzzRandom } from "../fuzz/random.ts";
import { framed, type RawAnswer, type RawRequest } from "./pipeline.ts";
import { bytesField, varintField } from "./proto-fields.ts";
import { ABSENT_PEER, ABSENT_PEER_SEED } from "./target-node.ts";

export type PortName = "client" | "peer" | "admin" | "secured";

/** What an attacker has overheard of the honest wallet. */
export interface Overheard {
  /** Attested messages that the node has answered, the last few. */
  readonly messages: readonly { readonly channelId: Uint8Array; readonly data: Uint8Array }[];
  /** Serialised transactions that are in the ledger. */
  readonly txs: readonly Uint8Array[];
  /** The last block, which anybody may ask for. */
  tip(): { readonly index: bigint; readonly id: Uint8Array };
}

export interface Shot {
  readonly port: PortName;
  readonly request: RawRequest;
  /** What is wrong with an answer; undefined where it may be. */
  readonly judge?: (answer: RawAnswer) => string | undefined;
}

export interface ShotKind {
  readonly name: string;
  /** How often among all, in parts of the sum of weights. */
  readonly weight: number;
  readonly make: (random: FuzzRandom, overheard: Overheard) => Shot;
}

const CLIENT = "/consensus_client.ConsensusClientAPI/";
const PEER = "/consensus_peer.ConsensusPeerAPI/";
const CHAIN = "/consensus_common.BlockchainAPI/";
const AUTH = "/attest.AttestedApi/Auth";
const ADMIN = "/admin.AdminAPI/";
const HEALTH = "/grpc.health.v1.Health/";
const BUILD = "/build_info.BuildInfoApi/GetBuildInfo";
const EMPTY: Uint8Array = new Uint8Array(0);
const GRPC = { "content-type": "application/grpc", te: "trailers" };
const U64_MAX = 2n ** 64n - 1n;

const METHODS: Readonly<Record<"client" | "peer" | "admin", readonly string[]>> = {
  client: [
    `${CLIENT}ClientTxPropose`,
    `${CLIENT}ProposeMintConfigTx`,
    `${CLIENT}ProposeMintTx`,
    `${CLIENT}GetNodeConfig`,
    `${CHAIN}GetLastBlockInfo`,
    `${CHAIN}GetBlocks`,
    AUTH,
    `${HEALTH}Check`,
    `${HEALTH}Watch`,
    `${HEALTH}Ping`,
    BUILD,
  ],
  peer: [
    `${PEER}PeerTxPropose`,
    `${PEER}SendConsensusMsg`,
    `${PEER}GetLatestMsg`,
    `${PEER}GetTxs`,
    `${CHAIN}GetLastBlockInfo`,
    AUTH,
    `${HEALTH}Check`,
    BUILD,
  ],
  admin: [`${ADMIN}GetInfo`, `${ADMIN}TestLogError`, `${ADMIN}SetRustLog`, `${HEALTH}Ping`],
};

/** Methods that ask for credentials where a secret is configured (04 section 2.9.1). */
const GUARDED = METHODS.client.slice(0, 7).filter((path) => !path.endsWith("GetNodeConfig"));

const grpc = (path: string, message: Uint8Array, headers: RawRequest["headers"] = {}): RawRequest => ({
  path,
  headers: { ...GRPC, ...headers },
  body: framed(message),
});

const anyPort = (random: FuzzRandom) => random.pick(["client", "client", "peer", "peer", "admin"] as const);

/** A well-formed message for a method, of contents that mean nothing. */
function sampleFor(random: FuzzRandom, path: string): Uint8Array {
  const name = path.slice(path.lastIndexOf("/") + 1);
  switch (name) {
    case "ClientTxPropose":
    case "PeerTxPropose":
      return attested(random.bytes(64), random.bytes(random.below(600)));
    case "ProposeMintTx":
      return mintTx(random);
    case "ProposeMintConfigTx":
      return mintConfigTx(random);
    case "GetBlocks":
      return concat(varintField(1, BigInt(random.below(100))), varintField(2, 1n));
    case "Auth":
      return bytesField(1, random.bytes(random.pick([31, 32, 33, 4000])));
    case "SendConsensusMsg":
      return concat(bytesField(1, ascii(ABSENT_PEER)), bytesField(2, random.bytes(200)));
    case "GetTxs":
      return concat(bytesField(1, random.bytes(64)), bytesField(2, random.bytes(32)));
    case "SetRustLog":
      return bytesField(1, ascii("=,=!"));
    default:
      return bytesField(1, random.bytes(20));
  }
}

function attested(channelId: Uint8Array, data: Uint8Array, aad = EMPTY): Uint8Array {
  return attestedMessageCodec.encode({ aad, channelId, data });
}

/** A point, or what is none. */
const ristretto = (random: FuzzRandom): Uint8Array =>
  bytesField(1, random.pick([random.bytes(32), new Uint8Array(32), random.bytes(31), EMPTY]));

const signatures = (random: FuzzRandom): Uint8Array =>
  bytesField(
    2,
    concat(
      ...Array.from({ length: random.below(4) }, () =>
        bytesField(1, bytesField(1, random.bytes(random.pick([64, 64, 63])))),
      ),
    ),
  );

function mintTx(random: FuzzRandom): Uint8Array {
  const prefix = concat(
    varintField(1, random.pick([0n, 1n, 2n, U64_MAX])),
    varintField(2, random.pick([0n, 1n, U64_MAX])),
    bytesField(3, ristretto(random)),
    bytesField(4, ristretto(random)),
    bytesField(5, random.bytes(random.pick([0, 64, 65]))),
    varintField(6, random.pick([0n, 50n, U64_MAX])),
    bytesField(7, bytesField(1, random.bytes(random.pick([0, 1, 84])))),
  );
  return concat(bytesField(1, prefix), signatures(random));
}

/** @param depths of nested signer sets, of which decoders take less than 100. */
function mintConfigTx(random: FuzzRandom, depths: readonly number[] = [0, 1, 5, 60]): Uint8Array {
  const signer = bytesField(1, bytesField(1, random.bytes(random.pick([32, 32, 5]))));
  const set = (depth: number): Uint8Array =>
    depth === 0 ? signer : concat(varintField(2, U64_MAX), bytesField(3, set(depth - 1)), signer);
  const config = concat(
    varintField(1, random.pick([0n, 1n, U64_MAX])),
    bytesField(2, set(random.pick(depths))),
    varintField(3, U64_MAX),
  );
  const prefix = concat(
    varintField(1, random.pick([0n, 1n, 2n])),
    ...new Array<Uint8Array>(1 + random.below(20)).fill(bytesField(2, config)),
    bytesField(3, random.bytes(random.pick([0, 64]))),
    varintField(4, random.pick([0n, 50n, U64_MAX])),
    varintField(5, U64_MAX),
  );
  return concat(bytesField(1, prefix), signatures(random));
}

const SENDER = { responderId: ABSENT_PEER, publicKey: ed25519PublicKey(ABSENT_PEER_SEED) };
const NO_QUORUM = { threshold: 0, members: [] };
const MAX_U32 = 0xffff_ffff;

/** What a configured peer that has gone bad would sign: any slot, any value, any counter. */
function signedByBadPeer(
  random: FuzzRandom,
  tip: { readonly index: bigint; readonly id: Uint8Array },
): Uint8Array {
  const values = Array.from({ length: random.pick([0, 1, 1, 2, 40]) }, () => ({
    kind: "txHash" as const,
    hash: random.bytes(32),
  })).sort((a, b) => compareBytes(a.hash, b.hash));
  const ballot = { counter: random.pick([0, 1, MAX_U32]), values };
  const number = (): number => random.pick([0, 1, 2, MAX_U32]);
  const topic = random.pick([
    { kind: "nominate" as const, x: values, y: [] },
    { kind: "nominate" as const, x: [], y: values },
    { kind: "prepare" as const, b: ballot, p: undefined, pp: undefined, cn: number(), hn: number() },
    { kind: "commit" as const, b: ballot, pn: number(), cn: number(), hn: number() },
    { kind: "externalize" as const, c: ballot, hn: number() },
  ]);
  const sender = random.once(3) ? { ...SENDER, responderId: "localhost:9" } : SENDER;
  // Two in three are about the slot under way, and build on the right block.
  const isCurrent = !random.once(3);
  const slotIndex = isCurrent
    ? tip.index + 1n
    : random.pick([1n, 2n, BigInt(1 + random.below(300)), 2n ** 63n, U64_MAX]);
  const message = { sender, slotIndex, quorumSet: NO_QUORUM, topic };
  return encodeConsensusMessage(
    signConsensusMessage(message, isCurrent ? tip.id : random.bytes(32), ABSENT_PEER_SEED),
  );
}

/** CBOR that is deep, wide, endless or long only in what it says of itself. */
function cborBomb(random: FuzzRandom): Uint8Array {
  const depth = random.pick([10, 100, 1000, 30_000]);
  switch (random.below(6)) {
    case 0:
      return new Uint8Array(depth).fill(0x81);
    case 1:
      return new Uint8Array(2 * depth).map((_, i) => (i % 2 === 0 ? 0xa1 : 0x00));
    case 2:
      return Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...random.bytes(50));
    case 3:
      return Uint8Array.of(random.pick([0x5a, 0x7a, 0x9a, 0xba]), 0x7f, 0xff, 0xff, 0xff);
    case 4:
      return concat(Uint8Array.of(0x9a, 0, 0, depth >> 8, depth & 0xff), new Uint8Array(depth));
    default:
      return new Uint8Array(depth).fill(random.pick([0x9f, 0xbf, 0x5f, 0xc1]));
  }
}

const sendConsensusMsg = (from: string, payload: Uint8Array): RawRequest =>
  grpc(`${PEER}SendConsensusMsg`, concat(bytesField(1, ascii(from)), bytesField(2, payload)));

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function base64(text: string): string {
  return btoa(text);
}

/** Judges that nothing but these outcomes is an answer. */
function only(...outcomes: readonly string[]) {
  return ({ outcome }: RawAnswer): string | undefined =>
    outcomes.includes(outcome) ? undefined : `answered ${outcome}, wanted ${outcomes.join(" or ")}`;
}

const badAuthorization = (random: FuzzRandom): string => {
  const user = random.pick(["user", "", "admin"]);
  const now = Math.floor(Date.now() / 1000);
  const time = random.pick([0, now, 1e15, now + 80_000]);
  return random.pick([
    "",
    "Basic",
    "Basic ",
    "Basic ====",
    "Bearer abc",
    `Basic ${base64(`${user}:${user}:${time}:${"0".repeat(20)}`)}`,
    `Basic ${base64(`${user}:${user}:${time}:${"ab".repeat(5000)}`)}`,
    `basic ${base64("user:x")}`,
    `Basic ${base64(":::::::::::")}`,
    `Basic ${base64("no colon")}`,
  ]);
};

/** Every way to be hostile that is one request on a shared connection. */
export const SHOT_KINDS: readonly ShotKind[] = [
  {
    name: "random bytes",
    weight: 180,
    make: (random) => {
      const port = anyPort(random);
      return { port, request: grpc(random.pick(METHODS[port]), random.bytes(random.below(300))) };
    },
  },
  {
    name: "mutated protobuf",
    weight: 200,
    make: (random) => {
      const port = anyPort(random);
      const path = random.pick(METHODS[port]);
      const other = sampleFor(random, random.pick(METHODS[port]));
      return { port, request: grpc(path, mutateProtobuf(random, sampleFor(random, path), other)) };
    },
  },
  {
    name: "many empty fields",
    weight: 3,
    make: (random) => {
      const port = random.pick(["client", "peer"] as const);
      const path = random.pick(METHODS[port]);
      return { port, request: grpc(path, repeatedField(1 + random.below(3), 2, random.below(30_000))) };
    },
  },
  {
    name: "false frame",
    weight: 60,
    make: (random) => {
      const port = anyPort(random);
      const path = random.pick(METHODS[port]);
      const message = sampleFor(random, path);
      const body = random.pick([
        () => EMPTY,
        () => framed(message, 0, random.u32()),
        () => framed(message, random.below(256)),
        () => concat(framed(message), framed(message)),
        () => framed(message).subarray(0, random.below(6)),
        () => concat(framed(message), random.bytes(3)),
      ])();
      const encoding = random.once(2)
        ? { "grpc-encoding": random.pick(["gzip", "br", "identity", "?"]) }
        : {};
      return { port, request: { path, headers: { ...GRPC, ...encoding }, body } };
    },
  },
  {
    name: "wrong method",
    weight: 70,
    make: (random) => {
      const port = anyPort(random);
      const path = random.pick([
        "/",
        "/../../etc/passwd",
        "*",
        `${CLIENT}Nothing`,
        `${PEER}`,
        ...METHODS[random.pick(["client", "peer", "admin"] as const)],
        `/${"x".repeat(random.below(3000))}`,
        `${HEALTH}Check?a=${random.u32()}`,
      ]);
      const method = random.pick(["GET", "PUT", "DELETE", "OPTIONS", "POST", "X"]);
      return { port, request: { ...grpc(path, EMPTY), headers: { ...GRPC, ":method": method } } };
    },
  },
  {
    name: "wrong content type",
    weight: 50,
    make: (random) => {
      const port = anyPort(random);
      const path = random.pick(METHODS[port]);
      const type = random.pick([
        "application/grpc+json",
        "application/json",
        "application/proto",
        "application/grpc-web",
        "application/grpc-web-text",
        "application/connect+proto",
        "text/html",
        "",
        "\u00ff/",
      ]);
      const body = random.pick([ascii('{"a":1}'), ascii("{".repeat(5000)), framed(random.bytes(30)), EMPTY]);
      return { port, request: { path, headers: { "content-type": type }, body } };
    },
  },
  {
    name: "bad headers",
    weight: 70,
    make: (random) => {
      const path = random.pick(GUARDED);
      const headers: Record<string, string | string[]> = random.pick([
        { "chain-id": random.pick(["", "main", "x".repeat(5000)]) },
        { "chain-id": [DEVNET_CHAIN_ID, "other"] },
        { "grpc-timeout": random.pick(["0n", "1n", "99999999H", "-1S", "x", "999999999999S"]) },
        { authorization: badAuthorization(random) },
        { cookie: "a=b; ".repeat(random.below(2000)) },
        { "x-bin": "!!!", "a-bin": "====" },
        Object.fromEntries(Array.from({ length: random.below(400) }, (_, i) => [`x-${i}`, "y".repeat(50)])),
        { "connect-protocol-version": "9", "accept-encoding": "x" },
      ]);
      return { port: "client", request: grpc(path, sampleFor(random, path), headers) };
    },
  },
  {
    name: "wrong chain id",
    weight: 20,
    make: (random) => {
      const [port, path] = random.pick([
        ["client", AUTH],
        ["peer", AUTH],
        ["client", `${CLIENT}ClientTxPropose`],
        ["client", `${CLIENT}ProposeMintTx`],
      ] as const);
      return {
        port,
        request: grpc(path, sampleFor(random, path), { "chain-id": random.pick(["main", "", "Local"]) }),
        judge: only("grpc:9"),
      };
    },
  },
  {
    name: "reset stream",
    weight: 30,
    make: (random) => {
      const port = anyPort(random);
      const path = random.pick(METHODS[port]);
      return {
        port,
        request: { ...grpc(path, sampleFor(random, path)), resetAfterMs: random.below(20) },
      };
    },
  },
  {
    name: "oversized message",
    weight: 0.3,
    make: (random) => {
      const port = random.pick(["client", "peer"] as const);
      const path = random.pick(METHODS[port]);
      return {
        port,
        request: grpc(path, bytesField(1, new Uint8Array(4 * 1024 * 1024 + random.below(1000)))),
        judge: ({ outcome }) =>
          ["grpc:8", "reset:0", "reset:2", "reset:7", "reset:8"].includes(outcome)
            ? undefined
            : `answered ${outcome}`,
      };
    },
  },
  {
    name: "large channel id",
    weight: 1,
    make: (random) => ({
      port: "client",
      request: grpc(`${CLIENT}ClientTxPropose`, attested(large(random), EMPTY)),
      judge: only("grpc:7"),
    }),
  },
  {
    name: "handshake: any key",
    weight: 5,
    make: (random) => ({ port: "client", request: grpc(AUTH, bytesField(1, random.bytes(32))) }),
  },
  {
    name: "handshake: malformed",
    weight: 40,
    make: (random) => {
      const port = random.pick(["client", "peer"] as const);
      const length = random.pick([0, 1, 31, 33, 64, 500, 5000, 65_535, 65_536, 70_000]);
      return {
        port,
        request: grpc(
          AUTH,
          bytesField(1, length === 33 ? random.bytes(33) : new Uint8Array(length).fill(random.u32())),
        ),
        // On the client side a message of 32 bytes and more is a key and a payload, which is not looked at.
        ...(port === "peer" || length < 32 ? { judge: only("grpc:7") } : {}),
      };
    },
  },
  {
    name: "handshake: truncated or replayed",
    weight: 6,
    make: (random) => {
      const request = new AttestedClient({
        responderId: "localhost:1",
        verify: () => {
          throw new Error("never asked");
        },
        random: (length) => random.bytes(length),
      }).authRequest();
      const data = random.pick([
        request,
        request.subarray(0, random.below(32)),
        mutateBytes(random, request, request),
      ]);
      return { port: random.pick(["client", "peer"] as const), request: grpc(AUTH, bytesField(1, data)) };
    },
  },
  {
    name: "attested: unknown channel",
    weight: 70,
    make: (random) => {
      const isPeer = random.once(2);
      return {
        port: isPeer ? "peer" : "client",
        request: grpc(
          isPeer ? `${PEER}PeerTxPropose` : `${CLIENT}ClientTxPropose`,
          attested(random.bytes(random.pick([0, 1, 32, 64, 64, 65])), random.bytes(random.below(400))),
        ),
        judge: only("grpc:7"),
      };
    },
  },
  {
    name: "attested: honest session, forged message",
    weight: 25,
    make: (random, { messages }) => {
      const message = messages.length > 0 ? random.pick(messages) : { channelId: EMPTY, data: EMPTY };
      const data = message.data.slice();
      const at = random.once(2) ? data.length - 1 - random.below(16) : random.below(data.length + 1);
      if (at >= 0 && at < data.length) data[at] = data[at]! ^ (1 << random.below(8));
      return {
        port: "client",
        request: grpc(
          `${CLIENT}ClientTxPropose`,
          attested(
            message.channelId,
            random.pick([data, data.subarray(0, random.below(64)), random.bytes(80)]),
          ),
        ),
        judge: only("grpc:7"),
      };
    },
  },
  {
    name: "attested: honest session, replayed message",
    weight: 15,
    make: (random, { messages }) => {
      const message = messages.length > 0 ? random.pick(messages) : { channelId: EMPTY, data: EMPTY };
      return {
        port: random.once(8) ? "peer" : "client",
        request: grpc(`${CLIENT}ClientTxPropose`, attested(message.channelId, message.data)),
        judge: only("grpc:7", "http:404"),
      };
    },
  },
  {
    name: "SendConsensusMsg: unknown peer",
    weight: 25,
    make: (random) => ({
      port: "peer",
      request: sendConsensusMsg(
        random.pick(["localhost:2", "example.org:443", "localhost", "", "a:b:c", "x".repeat(3000)]),
        random.pick([random.bytes(50), OLD_MESSAGE]),
      ),
    }),
  },
  {
    name: "SendConsensusMsg: mutated",
    weight: 40,
    make: (random) => ({
      port: "peer",
      request: sendConsensusMsg(ABSENT_PEER, mutateBytes(random, OLD_MESSAGE, OLD_MESSAGE)),
    }),
  },
  {
    name: "SendConsensusMsg: bad signature",
    weight: 20,
    make: (random) => {
      const payload = OLD_MESSAGE.slice();
      const at = payload.length - 1 - random.below(20);
      // The signature is the last field: another byte string of the same length.
      payload[at] = payload[at]! ^ 1;
      return {
        port: "peer",
        request: sendConsensusMsg(ABSENT_PEER, payload),
        judge: only("grpc:3"),
      };
    },
  },
  {
    name: "SendConsensusMsg: signed by a bad peer",
    weight: 15,
    make: (random, { tip }) => ({
      port: "peer",
      request: sendConsensusMsg(ABSENT_PEER, signedByBadPeer(random, tip())),
    }),
  },
  {
    name: "SendConsensusMsg: replayed",
    weight: 30,
    make: () => ({
      port: "peer",
      request: sendConsensusMsg(ABSENT_PEER, OLD_MESSAGE),
      judge: only("grpc:0"),
    }),
  },
  {
    name: "SendConsensusMsg: CBOR bomb",
    weight: 10,
    make: (random) => ({
      port: "peer",
      request: sendConsensusMsg(ABSENT_PEER, cborBomb(random)),
      judge: only("grpc:3"),
    }),
  },
  {
    name: "PeerTxPropose: forged route",
    weight: 20,
    make: (random, { messages }) => {
      const message = messages.length > 0 ? random.pick(messages) : { channelId: EMPTY, data: EMPTY };
      const aad = random.once(2) ? cborBomb(random) : random.bytes(60);
      return {
        port: "peer",
        request: grpc(`${PEER}PeerTxPropose`, attested(message.channelId, message.data, aad)),
        judge: only("grpc:7"),
      };
    },
  },
  {
    name: "GetTxs",
    weight: 50,
    make: (random) => {
      const count = random.pick([0, 1, 2, 10, random.once(50) ? 20_000 : 3]);
      const hash = random.bytes(random.pick([32, 32, 32, 31, 0]));
      return {
        port: "peer",
        request: grpc(
          `${PEER}GetTxs`,
          concat(
            bytesField(1, random.bytes(random.pick([0, 64]))),
            ...new Array<Uint8Array>(count).fill(bytesField(2, hash)),
          ),
        ),
      };
    },
  },
  {
    name: "GetBlocks: extreme range",
    weight: 50,
    make: (random) => {
      const offset = random.pick([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, U64_MAX, U64_MAX - 1n]);
      const small = offset < 2n && !random.once(40);
      const limit = small ? random.pick([0n, 1n, 3n]) : random.pick([0n, 2000n, 2001n, 2n ** 32n - 1n]);
      return {
        port: random.pick(["client", "peer"] as const),
        request: grpc(`${CHAIN}GetBlocks`, concat(varintField(1, offset), varintField(2, limit))),
        judge: only("grpc:0"),
      };
    },
  },
  {
    name: "mint with bad keys",
    weight: 60,
    make: (random) => {
      const isConfig = random.once(2);
      const path = `${CLIENT}${isConfig ? "ProposeMintConfigTx" : "ProposeMintTx"}`;
      return {
        port: "client",
        request: grpc(path, isConfig ? mintConfigTx(random, [0, 1, 60, 99, 101, 1000]) : mintTx(random)),
        // Success is an answer without a result (field 1).
        judge: ({ outcome, body }) =>
          outcome === "grpc:0" && body[5] !== 0x0a ? "a mint transaction of nobody was accepted" : undefined,
      };
    },
  },
  {
    name: "admin",
    weight: 5,
    make: (random) => ({
      port: "admin",
      request: grpc(
        `${ADMIN}${random.pick(["GetInfo", "SetRustLog", "GetPrometheusMetrics"])}`,
        bytesField(
          1,
          random.pick([random.bytes(50), ascii("error"), ascii("a=b=c"), ascii(",".repeat(2000))]),
        ),
      ),
    }),
  },
  {
    name: "unauthenticated",
    weight: 60,
    make: (random) => {
      const path = random.pick(GUARDED);
      const headers = random.once(3) ? {} : { authorization: badAuthorization(random) };
      return {
        port: "secured",
        request: grpc(path, path.endsWith("LastBlockInfo") ? EMPTY : sampleFor(random, path), headers),
        judge: gotNothing("grpc:16"),
      };
    },
  },
  {
    name: "unauthenticated: malformed",
    weight: 20,
    make: (random) => {
      const path = random.pick(GUARDED);
      const sample = sampleFor(random, path);
      const headers = random.once(2) ? {} : { authorization: badAuthorization(random) };
      return {
        port: "secured",
        request: grpc(path, mutateProtobuf(random, sample, sample), headers),
        judge: gotNothing(),
      };
    },
  },
  {
    name: "open without credentials",
    weight: 5,
    make: (random) => ({
      port: "secured",
      request: grpc(random.pick([`${CLIENT}GetNodeConfig`, `${HEALTH}Check`, BUILD]), EMPTY),
      judge: only("grpc:0"),
    }),
  },
];

/** That a caller learned nothing: no success, no bytes, and the status that is due, if one alone is. */
function gotNothing(due?: string) {
  return ({ outcome, body }: RawAnswer): string | undefined => {
    if (body.length > 0 || outcome === "grpc:0")
      return `an unauthenticated caller got ${body.length} bytes (${outcome})`;
    return due === undefined || outcome === due ? undefined : `answered ${outcome}, wanted ${due}`;
  };
}

function large(random: FuzzRandom): Uint8Array {
  const bytes = new Uint8Array(50_000 + random.below(50_000));
  bytes.set(random.bytes(16));
  return bytes;
}

/** A good message of the absent peer about a slot of long ago. */
const OLD_MESSAGE: Uint8Array = encodeConsensusMessage(
  signConsensusMessage(
    {
      sender: SENDER,
      slotIndex: 1n,
      quorumSet: NO_QUORUM,
      topic: { kind: "nominate", x: [], y: [] },
    },
    new Uint8Array(32),
    ABSENT_PEER_SEED,
  ),
);
