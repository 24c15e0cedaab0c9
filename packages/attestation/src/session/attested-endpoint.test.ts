import { NoiseHandshake, utf8 } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createDevelopmentRoot } from "../simulation/development-authority.ts";
import {
  attestedEndpoint,
  CLIENT_ID,
  developmentAuthority,
  NOW,
  PEER_ID,
  platformOf,
  quoted,
} from "../testing/attested-endpoints.ts";
import { AttestedEndpoint, SESSION_LIMITS } from "./attested-endpoint.ts";
import { encodeInitiatorPayload, encodeResponderPayload } from "./evidence-payload.ts";

const NONE = new Uint8Array(0);
const refusal = (act: () => unknown, code: string, cause?: object) =>
  expect(act).toThrow(
    expect.objectContaining({
      name: "AttestationError",
      code,
      ...(cause === undefined ? {} : { cause: expect.objectContaining(cause) }),
    }),
  );

let a: AttestedEndpoint;
let b: AttestedEndpoint;

beforeAll(async () => {
  [a, b] = [await attestedEndpoint(), await attestedEndpoint()];
});

async function bare(): Promise<AttestedEndpoint> {
  const authority = await developmentAuthority;
  return new AttestedEndpoint({ platform: platformOf(authority), clientResponderId: CLIENT_ID });
}

function clientHandshake(): NoiseHandshake {
  return new NoiseHandshake({ pattern: "NX", role: "initiator", prologue: utf8(CLIENT_ID) });
}

describe("evidence about itself", () => {
  test("without evidence there is no handshake", async () => {
    const endpoint = await bare();
    const code = "NoAttestationEvidenceAvailable";
    refusal(() => endpoint.evidence(), code);
    refusal(() => endpoint.clientAccept(clientHandshake().write(NONE)), code);
    refusal(() => endpoint.peerInit(PEER_ID), code);
  });

  test("is cached once, when it is of a pending report and holds", async () => {
    const authority = await developmentAuthority;
    const endpoint = await bare();
    const evidence = await quoted(endpoint, authority);
    endpoint.cacheEvidence(evidence);
    expect(endpoint.evidence()).toEqual(evidence);
    expect(evidence.reportData!.key).toEqual(endpoint.identityKey);
    refusal(() => endpoint.cacheEvidence(evidence), "InvalidState");
    refusal(() => endpoint.cacheEvidence({ ...evidence, quote: undefined }), "MissingField");
  });

  test("of another report is refused, and the old one stays", async () => {
    const authority = await developmentAuthority;
    const endpoint = await attestedEndpoint();
    const before = endpoint.evidence();
    const [one, two] = [await quoted(endpoint, authority), await quoted(endpoint, authority)];
    refusal(() => endpoint.cacheEvidence({ ...one, quote: two.quote }), "ReportMismatch");
    refusal(() => endpoint.cacheEvidence(one), "InvalidState");
    const other = await createDevelopmentRoot({ now: NOW });
    const foreign = await quoted(endpoint, other);
    expect(() => endpoint.cacheEvidence(foreign)).toThrow(
      expect.objectContaining({ name: "AttestationError" }),
    );
    const outOfDate = await quoted(endpoint, authority, "outOfDate");
    expect(() => endpoint.cacheEvidence(outOfDate)).toThrow(
      expect.objectContaining({ name: "AttestationError" }),
    );
    expect(endpoint.evidence()).toEqual(before);
    endpoint.cacheEvidence(two);
    expect(endpoint.evidence()).toEqual(two);
  });

  test("an enclave has no clock: collateral that ended is good enough for it and its peers", async () => {
    const old = await attestedEndpoint({ profile: "expired" });
    const { response } = old.peerAccept(a.peerInit(PEER_ID));
    a.peerConnect(PEER_ID, response);
  });

  test("64 reports are pending at most", async () => {
    const authority = await developmentAuthority;
    const endpoint = await bare();
    const [first, second] = [await quoted(endpoint, authority), await quoted(endpoint, authority)];
    for (let i = 0; i < 63; i++) endpoint.newReport();
    refusal(() => endpoint.cacheEvidence(first), "InvalidState");
    endpoint.cacheEvidence(second);
  });

  test("a nonce in use is not used again", async () => {
    const random = vi.fn((length: number) => new Uint8Array(length).fill(random.mock.calls.length >> 1));
    const authority = await developmentAuthority;
    const endpoint = new AttestedEndpoint({
      platform: platformOf(authority),
      clientResponderId: CLIENT_ID,
      random,
    });
    const nonces = [1, 2, 3].map(() => endpoint.newReport().contents.nonce[0]);
    expect(new Set(nonces).size).toBe(3);
    expect(random.mock.calls.length).toBeGreaterThan(4);
  });

  test("a custom identity is 32 bytes and part of the evidence", async () => {
    const customIdentity = new Uint8Array(32);
    const endpoint = await attestedEndpoint({ customIdentity });
    expect(endpoint.evidence().reportData!.customIdentity).toEqual(customIdentity);
    const platform = platformOf(await developmentAuthority);
    refusal(
      () =>
        new AttestedEndpoint({ platform, clientResponderId: CLIENT_ID, customIdentity: new Uint8Array(31) }),
      "LengthMismatch",
    );
    refusal(() => new AttestedEndpoint({ platform, clientResponderId: "node" }), "InvalidResponderId");
    refusal(
      () => new AttestedEndpoint({ platform, clientResponderId: CLIENT_ID, peerResponderId: "node" }),
      "InvalidResponderId",
    );
  });
});

describe("clients", () => {
  function session() {
    const handshake = clientHandshake();
    const { response, channelId } = a.clientAccept(handshake.write(NONE));
    handshake.read(response);
    const { writer, reader } = handshake.finish();
    const message = (text: string) => ({ aad: NONE, channelId, data: writer.encrypt(NONE, utf8(text)) });
    return { channelId, message, reader };
  }

  test("a session survives a bad tag, and ends when closed", () => {
    const { channelId, message } = session();
    const good = message("one");
    const altered = { ...good, data: good.data.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
    refusal(() => a.clientDecrypt(altered), "Aead");
    expect(a.clientDecrypt(good)).toEqual(utf8("one"));
    refusal(() => a.clientDecrypt(good), "Aead");
    a.clientDiscard(message("two"));
    expect(a.clientDecrypt(message("three"))).toEqual(utf8("three"));
    a.clientClose(channelId);
    refusal(() => a.clientDecrypt(message("four")), "NotFound");
    refusal(() => a.clientEncrypt(channelId, NONE, NONE), "NotFound");
    refusal(() => a.clientDecrypt({ aad: NONE, channelId: NONE, data: NONE }), "NotFound");
  });

  test("a client's session is no peer's", () => {
    const { channelId, message } = session();
    refusal(() => a.peerEncrypt(channelId, NONE, NONE), "NotFound");
    refusal(() => a.peerDecrypt(message("one")), "NotFound");
    refusal(() => a.frontendEncrypt(channelId, NONE, NONE), "NotFound");
  });
});

describe("peers", () => {
  test("each judges the other, and the session goes both ways", () => {
    const { response, channelId } = b.peerAccept(a.peerInit(PEER_ID));
    const connected = a.peerConnect(PEER_ID, response);
    expect(connected.channelId).toEqual(channelId);
    expect(connected.evidence).toEqual(b.evidence());
    expect(connected.verified.reportData.key).toEqual(b.identityKey);
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const message = from.peerEncrypt(channelId, utf8("aad"), utf8("hello"));
      refusal(() => to.peerDecrypt({ ...message, aad: NONE }), "Aead");
      expect(to.peerDecrypt(message)).toEqual(utf8("hello"));
      refusal(() => to.peerDecrypt(message), "Aead");
    }
    a.peerClose(channelId);
    b.peerClose(channelId);
    refusal(() => a.peerEncrypt(channelId, NONE, NONE), "NotFound");
    refusal(() => b.peerEncrypt(channelId, NONE, NONE), "NotFound");
  });

  test("any flipped byte of a handshake is refused", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.boolean(),
        (where, inRequest) => {
          const alter = (bytes: Uint8Array) => {
            const altered = bytes.slice();
            altered[Math.floor(where * bytes.length)]! ^= 1;
            return altered;
          };
          const request = a.peerInit(PEER_ID);
          let response: Uint8Array;
          try {
            response = b.peerAccept(inRequest ? alter(request) : request).response;
          } catch (error) {
            // Evidence in clear: the responder may notice before the initiator's tag does.
            expect(inRequest).toBe(true);
            expect(error).toMatchObject({ name: "AttestationError" });
            return;
          }
          refusal(() => a.peerConnect(PEER_ID, inRequest ? response : alter(response)), "HandshakeRead");
          refusal(() => a.peerConnect(PEER_ID, response), "InvalidState");
        },
      ),
      { numRuns: 40 },
    );
  });

  test("another handshake with the same peer takes the place of the first", () => {
    const first = b.peerAccept(a.peerInit(PEER_ID));
    const second = b.peerAccept(a.peerInit(PEER_ID));
    refusal(() => a.peerConnect(PEER_ID, first.response), "HandshakeRead");
    refusal(() => a.peerConnect(PEER_ID, second.response), "InvalidState");
  });

  test("responder ids, with the configuration's digest, have to agree", () => {
    const { response } = b.peerAccept(a.peerInit("node.test:8443-d2"));
    refusal(() => a.peerConnect("node.test:8443-d2", response), "HandshakeRead", { code: "Aead" });
    refusal(() => a.peerInit("node.test"), "InvalidResponderId");
    refusal(() => a.peerConnect("node.test:1", response), "InvalidState");
  });

  test("another program is no peer, whoever calls", async () => {
    const other = await attestedEndpoint({ platform: platformOf(await developmentAuthority, 2) });
    refusal(() => other.peerAccept(a.peerInit(PEER_ID)), "AttestationEvidenceVerification");
    refusal(() => a.peerAccept(other.peerInit(PEER_ID)), "AttestationEvidenceVerification");
  });

  test("nor is the same program under another root", async () => {
    const authority = await createDevelopmentRoot({ now: NOW });
    const other = await attestedEndpoint({ authority });
    refusal(() => other.peerAccept(a.peerInit(PEER_ID)), "AttestationEvidenceVerification");
  });

  function impostor(role: "initiator" | "responder"): NoiseHandshake {
    const staticPrivateKey = new Uint8Array(32).fill(5);
    return new NoiseHandshake({ pattern: "IX", role, prologue: utf8(PEER_ID), staticPrivateKey });
  }

  test("whoever shows a copy of a peer's evidence is refused", () => {
    refusal(
      () => a.peerAccept(impostor("initiator").write(encodeInitiatorPayload(b.evidence()))),
      "BadRemoteIdentity",
    );
    const responder = impostor("responder");
    responder.read(a.peerInit(PEER_ID));
    const response = responder.write(encodeResponderPayload(b.evidence()));
    refusal(() => a.peerConnect(PEER_ID, response), "BadRemoteIdentity");
  });

  test("payloads in the other side's form are refused", () => {
    const code = "AttestationEvidenceDeserialization";
    refusal(() => a.peerAccept(impostor("initiator").write(encodeResponderPayload(b.evidence()))), code);
    const responder = impostor("responder");
    responder.read(a.peerInit(PEER_ID));
    const response = responder.write(new Uint8Array(0));
    refusal(() => a.peerConnect(PEER_ID, response), code);
  });

  test("an endpoint without a name for peers takes none", async () => {
    const endpoint = await bare();
    refusal(() => endpoint.peerAccept(a.peerInit(PEER_ID)), "InvalidState");
    refusal(() => a.peerAccept(new Uint8Array(64 * 1024 + 1)), "MessageTooLong");
    refusal(() => a.peerAccept(new Uint8Array(63)), "HandshakeWrite");
  });

  test("the sessions and handshakes used least recently make room", () => {
    const connect = () => a.peerConnect(PEER_ID, b.peerAccept(a.peerInit(PEER_ID)).response).channelId;
    const first = connect();
    const second = connect();
    for (let i = 0; i < SESSION_LIMITS.peersEachWay - 2; i++) connect();
    a.peerEncrypt(first, NONE, NONE);
    connect();
    expect(a.peerEncrypt(first, NONE, NONE).channelId).toEqual(first);
    refusal(() => a.peerEncrypt(second, NONE, NONE), "NotFound");
    // On the other side nobody used the first.
    refusal(() => b.peerEncrypt(first, NONE, NONE), "NotFound");

    a.peerInit("first:1");
    for (let i = 0; i < SESSION_LIMITS.pendingPeers; i++) a.peerInit(`peer${i}:1`);
    refusal(() => a.peerConnect("first:1", NONE), "InvalidState");
    refusal(() => a.peerConnect("peer0:1", NONE), "HandshakeRead");
  }, 60_000);
});

describe("routers and stores", () => {
  test("a router's messages reach stores whatever became of others", async () => {
    const [router, store] = [a, b];
    const { response, channelId } = store.frontendAccept(router.backendInit(CLIENT_ID));
    expect(router.backendConnect(CLIENT_ID, response).reportData.key).toEqual(store.identityKey);
    expect(router.backendResponderIds()).toEqual([CLIENT_ID]);
    const [lost, query] = ["lost", "query"].map((text) => router.backendEncrypt(CLIENT_ID, NONE, utf8(text)));
    expect(store.frontendDecrypt(query!)).toEqual(utf8("query"));
    expect(store.frontendDecrypt(lost!)).toEqual(utf8("lost"));
    const reply = store.frontendEncrypt(channelId, NONE, utf8("reply"));
    expect(reply.nonce).toBe(0n);
    expect(router.backendDecrypt(CLIENT_ID, { ...reply, channelId: NONE })).toEqual(utf8("reply"));
    store.frontendClose(channelId);
    refusal(() => store.frontendDecrypt(query!), "NotFound");
    router.backendClose(CLIENT_ID);
    refusal(() => router.backendEncrypt(CLIENT_ID, NONE, NONE), "NotFound");
    refusal(() => router.backendDecrypt(CLIENT_ID, reply), "NotFound");
    refusal(() => router.backendConnect(CLIENT_ID, response), "InvalidState");
  });

  test("a store of another program is refused", async () => {
    const store = await attestedEndpoint({ platform: platformOf(await developmentAuthority, 2) });
    const { response } = store.frontendAccept(a.backendInit(CLIENT_ID));
    refusal(() => a.backendConnect(CLIENT_ID, response), "AttestationEvidenceVerification");
  });
});
