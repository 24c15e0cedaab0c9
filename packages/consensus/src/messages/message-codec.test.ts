import { checkEd25519PublicKey, concat, hexToBytes, utf8 } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCbor } from "../document/cbor.ts";
import type { Document } from "../document/document.ts";
import { ConsensusError } from "../error.ts";
import { signConsensusMessage, verifyConsensusMessage } from "./consensus-message.ts";
import type { ConsensusValue } from "./consensus-value.ts";
import { MAX_NEW_KEYS } from "./key-shapes.ts";
import { decodeConsensusMessage, encodeConsensusMessage } from "./message-codec.ts";
import { consensusMessage, mintTx, nodeId, sampleMessage } from "./testing/arbitrary-message.ts";
import { decodeTxProposeAad, encodeTxProposeAad } from "./tx-propose-aad.ts";

const PREVIOUS = new Uint8Array(32).fill(7);
const { seed, message } = sampleMessage();
const signed = signConsensusMessage(message, PREVIOUS, seed);

/** The sample as a document whose parts can be replaced: `path` are names, joined by dots. */
function bent(path: string, change: (part: Document | undefined) => Document | undefined): Uint8Array {
  return encodeCbor(replace(sampleDocument(), path.split("."), change) as Document);
}

function replace(
  document: Document | undefined,
  path: readonly string[],
  change: (part: Document | undefined) => Document | undefined,
): Document | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return change(document);
  if (Array.isArray(document)) {
    return document.map((item, i) => (i === Number(name) ? (replace(item, rest, change) as Document) : item));
  }
  const entries = new Map(document as ReadonlyMap<string, Document>);
  const part = replace(entries.get(name), rest, change);
  if (part === undefined) entries.delete(name);
  else entries.set(name, part);
  return entries;
}

const map = (...entries: [string, Document][]) => new Map<string, Document>(entries);

function sampleDocument(): Document {
  const key = (fill: 0 | 1) => (fill === 0 ? message.sender : signedPeer()).publicKey;
  return map(
    [
      "scp_msg",
      map(
        ["sender_id", map(["responder_id", "a.example:8443"], ["public_key", key(0)])],
        ["slot_index", 7],
        [
          "quorum_set",
          map(
            ["threshold", 1],
            [
              "members",
              [
                map(
                  ["type", "Node"],
                  ["args", map(["responder_id", "b.example:8443"], ["public_key", key(1)])],
                ),
              ],
            ],
          ),
        ],
        [
          "topic",
          map([
            "Nominate",
            map(["X", [1, 2].map((fill) => map(["TxHash", new Array<number>(32).fill(fill)]))], ["Y", []]),
          ]),
        ],
      ),
    ],
    ["prev_block_id", [...PREVIOUS]],
    ["signature", [...signed.signature]],
  );
}

function signedPeer() {
  const [member] = message.quorumSet.members;
  if (member?.kind !== "node") throw new Error("the sample has a node in its quorum set");
  return member.node;
}

const asArray = (part: Document | undefined) => [...(part as Uint8Array)];
const asBytes = (part: Document | undefined) => Uint8Array.from(part as number[]);

describe("decodeConsensusMessage", () => {
  it("gives back what encodeConsensusMessage wrote", () => {
    fc.assert(
      fc.property(consensusMessage, (any) => {
        expect(decodeConsensusMessage(encodeConsensusMessage(any))).toEqual(any);
      }),
    );
  });

  it("reads the sample written by hand", () => {
    expect(encodeCbor(sampleDocument())).toEqual(encodeConsensusMessage(signed));
    expect(decodeConsensusMessage(encodeCbor(sampleDocument()))).toEqual(signed);
  });

  it.each<[string, Uint8Array]>([
    [
      "names in another order",
      bent("scp_msg", (part) => new Map([...(part as ReadonlyMap<string, Document>)].reverse())),
    ],
    [
      "names it does not know",
      bent("scp_msg.topic.Nominate.new_field", () => [1, "a", null, map(["b", true])]),
    ],
    ["a key as an array", bent("scp_msg.sender_id.public_key", asArray)],
    ["a signature as bytes", bent("signature", asBytes)],
    [
      "a set out of order and with repeats",
      bent("scp_msg.topic.Nominate.X", (part) =>
        [...(part as Document[]), ...(part as Document[])].reverse(),
      ),
    ],
  ])("takes %s", (_, cbor) => {
    expect(decodeConsensusMessage(cbor)).toEqual(signed);
    expect(verifyConsensusMessage(decodeConsensusMessage(cbor))).toBe(true);
  });

  it("takes indefinite lengths and heads longer than need be", () => {
    const cbor = encodeConsensusMessage(signed);
    // The map of three entries becomes one without a length; the slot index 7 is written in eight bytes.
    const slot = concat(Uint8Array.of(0x6a), utf8("slot_index"), Uint8Array.of(7));
    const at = indexOf(cbor, slot) + slot.length - 1;
    const loose = concat(
      Uint8Array.of(0xbf),
      cbor.subarray(1, at),
      hexToBytes("1b0000000000000007"),
      cbor.subarray(at + 1),
      Uint8Array.of(0xff),
    );
    expect(decodeConsensusMessage(loose)).toEqual(signed);
  });

  it.each<[string, Uint8Array, string]>([
    [
      "a key that is no point",
      bent("scp_msg.sender_id.public_key", () => Uint8Array.of(2, ...new Uint8Array(31))),
      "scp_msg.sender_id.public_key",
    ],
    [
      "a key of 31 bytes",
      bent("scp_msg.sender_id.public_key", () => new Uint8Array(31)),
      "has 31 bytes instead of 32",
    ],
    [
      "a transaction hash as bytes",
      bent("scp_msg.topic.Nominate.X.0.TxHash", asBytes),
      "scp_msg.topic.Nominate.X[0].TxHash",
    ],
    [
      "a transaction hash of 31 bytes",
      bent("scp_msg.topic.Nominate.X.0.TxHash", (part) => (part as number[]).slice(1)),
      "has 31 bytes instead of 32",
    ],
    [
      "a number that is no byte",
      bent("scp_msg.topic.Nominate.X.0.TxHash.3", () => 256),
      "holds something other than bytes",
    ],
    ["a block id as bytes", bent("prev_block_id", asBytes), "prev_block_id is not an array of bytes"],
    [
      "a signature of 63 bytes",
      bent("signature", (part) => (part as number[]).slice(1)),
      "has 63 bytes instead of 64",
    ],
    [
      "a slot index that is negative",
      bent("scp_msg.slot_index", () => -1),
      "is not of 0..18446744073709551615",
    ],
    ["a slot index that is a text", bent("scp_msg.slot_index", () => "7"), "is not an integer"],
    ["a threshold of 2^32", bent("scp_msg.quorum_set.threshold", () => 2 ** 32), "is not of 0..4294967295"],
    ["a missing field", bent("scp_msg.quorum_set", () => undefined), "scp_msg.quorum_set is missing"],
    ["an unknown topic", bent("scp_msg.topic", () => map(["Vote", map()])), "names no alternative"],
    ["two topics", bent("scp_msg.topic.Commit", () => map()), "has 2 entries instead of one"],
    ["a topic that is no map", bent("scp_msg.topic", () => "Nominate"), "is not a map"],
    [
      "an unknown kind of member",
      bent("scp_msg.quorum_set.members.0.type", () => "Group"),
      "neither a Node nor an InnerSet",
    ],
    ["a node without a name", bent("scp_msg.sender_id.responder_id", () => 5), "is not a text"],
    ["members that are no array", bent("scp_msg.quorum_set.members", () => map()), "is not an array"],
    [
      "a NominatePrepare of one payload",
      bent("scp_msg.topic", () => map(["NominatePrepare", [map()]])),
      "is not an array of two payloads",
    ],
  ])("refuses %s", (_, cbor, text) => {
    expect(() => decodeConsensusMessage(cbor)).toThrow(
      expect.objectContaining({ code: "InvalidField", message: expect.stringContaining(text) }),
    );
  });

  it("refuses a mint to keys that are no points", () => {
    const [tx] = fc.sample(mintTx, { numRuns: 1, seed: 1 });
    const prefix = { ...tx!.prefix, spendPublicKey: new Uint8Array(32).fill(0xff) };
    const x: ConsensusValue[] = [{ kind: "mintTx", tx: { ...tx!, prefix } }];
    const bad = { ...signed, message: { ...message, topic: { kind: "nominate", x, y: [] } as const } };
    expect(() => decodeConsensusMessage(encodeConsensusMessage(bad))).toThrow(
      expect.objectContaining({ message: expect.stringContaining("spend_public_key is no Ristretto point") }),
    );
  });

  it("does not try more keys than an honest message has", () => {
    // About every second of these is a point.
    const keys = Array.from({ length: 5 * 1024 }, (_, i) =>
      hexToBytes(`${i.toString(16).padStart(8, "0")}${"00".repeat(28)}`),
    ).filter(isPoint);
    expect(keys.length).toBeGreaterThan(MAX_NEW_KEYS);
    const points = keys.map((key) =>
      map(["type", "Node"], ["args", map(["responder_id", "a:1"], ["public_key", key])]),
    );
    const cbor = bent("scp_msg.quorum_set.members", () => points);
    expect(() => decodeConsensusMessage(cbor)).toThrow(expect.objectContaining({ code: "LimitExceeded" }));
    // Keys that are known cost nothing: the same message is read when it comes again.
    expect(decodeConsensusMessage(cbor).message.quorumSet.members).toHaveLength(points.length);
  });

  it("refuses bytes behind the message", () => {
    expect(() => decodeConsensusMessage(concat(encodeConsensusMessage(signed), Uint8Array.of(0)))).toThrow(
      expect.objectContaining({ code: "Malformed" }),
    );
  });

  it("throws nothing but its own error, whatever the bytes", () => {
    const attempt = (bytes: Uint8Array) => {
      try {
        decodeConsensusMessage(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ConsensusError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), attempt));
    fc.assert(
      fc.property(consensusMessage, fc.nat(), fc.nat(255), fc.nat(), (any, place, byte, length) => {
        const cbor = encodeConsensusMessage(any);
        cbor[place % cbor.length] = byte;
        attempt(cbor);
        attempt(cbor.subarray(0, length % cbor.length));
      }),
    );
  });
});

describe("decodeTxProposeAad", () => {
  it("gives back what encodeTxProposeAad wrote", () => {
    fc.assert(
      fc.property(nodeId, fc.string(), (originNode, relayedBy) => {
        expect(decodeTxProposeAad(encodeTxProposeAad({ originNode, relayedBy }))).toEqual({
          originNode,
          relayedBy,
        });
      }),
    );
  });

  it("refuses what is none", () => {
    expect(() => decodeTxProposeAad(new Uint8Array(0))).toThrow(
      expect.objectContaining({ code: "Malformed" }),
    );
    expect(() => decodeTxProposeAad(encodeCbor(map(["relayed_by", "a:1"])))).toThrow(
      expect.objectContaining({ code: "InvalidField" }),
    );
  });
});

function isPoint(key: Uint8Array): boolean {
  try {
    checkEd25519PublicKey(key);
    return true;
  } catch {
    return false;
  }
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let i = 0; i + part.length <= bytes.length; i++) {
    if (part.every((byte, j) => bytes[i + j] === byte)) return i;
  }
  throw new Error("the part is not there");
}
