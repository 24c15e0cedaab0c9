import { NoiseHandshake, utf8, x25519PublicKey } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { simulatedMeasurement } from "../simulation/measurement.ts";
import {
  attestedEndpoint,
  CLIENT_ID,
  developmentAuthority,
  NOW,
  platformOf,
} from "../testing/attested-endpoints.ts";
import { INTEL_SGX_ROOT } from "../verify/roots.ts";
import { AttestedClient } from "./attested-client.ts";
import { type AttestedEndpoint, ownIdentity } from "./attested-endpoint.ts";
import { encodeResponderPayload } from "./evidence-payload.ts";
import {
  type EvidenceVerifier,
  type EvidenceVerifierOptions,
  evidenceVerifier,
} from "./evidence-verifier.ts";

const NONE = new Uint8Array(0);
const refusal = (act: () => unknown, code: string, cause?: object) =>
  expect(act).toThrow(
    expect.objectContaining({
      name: "AttestationError",
      code,
      ...(cause === undefined ? {} : { cause: expect.objectContaining(cause) }),
    }),
  );

let server: AttestedEndpoint;
let options: EvidenceVerifierOptions;
let verify: EvidenceVerifier;

beforeAll(async () => {
  const authority = await developmentAuthority;
  server = await attestedEndpoint();
  options = {
    identities: [ownIdentity(platformOf(authority).mrEnclave)],
    root: authority.root,
    time: () => NOW,
  };
  verify = evidenceVerifier(options);
});

function clientOf(change: Partial<EvidenceVerifierOptions> = {}, responderId = CLIENT_ID): AttestedClient {
  return new AttestedClient({ responderId, verify: evidenceVerifier({ ...options, ...change }) });
}

test("client and enclave agree on a session after the client has judged the evidence", () => {
  const client = clientOf();
  const request = client.authRequest();
  expect(request.length).toBe(32);
  expect(client.isAttested).toBe(false);
  const { response, channelId } = server.clientAccept(request);
  const verified = client.processAuthResponse(response);
  expect(verified.trust).toBe("development");
  expect(verified.reportData.key).toEqual(server.identityKey);
  expect(client.isAttested).toBe(true);
  expect(client.channelId).toEqual(channelId);
  expect(channelId.length).toBe(64);

  const call = client.encrypt(utf8("aad"), utf8("question"));
  expect(server.clientDecrypt(call)).toEqual(utf8("question"));
  const reply = server.clientEncrypt(channelId, utf8("other aad"), utf8("answer"));
  expect(client.decrypt(reply)).toEqual(utf8("answer"));
});

test("any flipped byte of a handshake is refused; then a new one is needed, and works", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, inRequest) => {
      const client = clientOf();
      const alter = (bytes: Uint8Array) => {
        const altered = bytes.slice();
        altered[at % bytes.length]! ^= flip;
        return altered;
      };
      const request = client.authRequest();
      const { response } = server.clientAccept(inRequest ? alter(request) : request);
      refusal(() => client.processAuthResponse(inRequest ? response : alter(response)), "HandshakeRead");
      expect(client.isAttested).toBe(false);
      refusal(() => client.processAuthResponse(response), "InvalidState");
      client.processAuthResponse(server.clientAccept(client.authRequest()).response);
      expect(client.isAttested).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test("messages of a wrong length are refused", () => {
  const client = clientOf();
  const { response } = server.clientAccept(client.authRequest());
  refusal(() => client.processAuthResponse(response.subarray(0, 31)), "HandshakeRead");
  client.authRequest();
  refusal(() => client.processAuthResponse(new Uint8Array(64 * 1024 + 1)), "MessageTooLong");
  refusal(() => server.clientAccept(new Uint8Array(64 * 1024 + 1)), "MessageTooLong");
  refusal(() => server.clientAccept(new Uint8Array(31)), "HandshakeWrite");
});

test("a payload in the request is hashed and otherwise ignored", () => {
  const handshake = new NoiseHandshake({ pattern: "NX", role: "initiator", prologue: utf8(CLIENT_ID) });
  const { response, channelId } = server.clientAccept(handshake.write(utf8("no evidence")));
  handshake.read(response);
  expect(handshake.finish().binding).toEqual(channelId);
});

test("another responder id ends in a refused tag, and the error names ours", () => {
  const client = clientOf({}, "node.test:444");
  const { response } = server.clientAccept(client.authRequest());
  const read = () => client.processAuthResponse(response);
  refusal(read, "HandshakeRead", { code: "Aead" });
});

test("the calls of a session need one", () => {
  const client = clientOf();
  refusal(() => client.channelId, "InvalidState");
  refusal(() => client.encrypt(NONE, NONE), "InvalidState");
  refusal(() => client.processAuthResponse(NONE), "InvalidState");
  client.processAuthResponse(server.clientAccept(client.authRequest()).response);
  client.authRequest();
  refusal(() => client.encrypt(NONE, NONE), "InvalidState");
  client.drop();
  refusal(() => client.processAuthResponse(NONE), "InvalidState");
  expect(() => new AttestedClient({ responderId: "node.test", verify })).toThrow(
    expect.objectContaining({ code: "InvalidResponderId" }),
  );
});

describe("a client refuses", () => {
  const refused = (
    change: Partial<EvidenceVerifierOptions>,
    cause: object = {},
    peer: AttestedEndpoint = server,
  ) => {
    const client = clientOf(change);
    const { response } = peer.clientAccept(client.authRequest());
    refusal(() => client.processAuthResponse(response), "AttestationEvidenceVerification", {
      name: "AttestationError",
      ...cause,
    });
    expect(client.isAttested).toBe(false);
  };

  test("simulated evidence under Intel's root", () => refused({ root: INTEL_SGX_ROOT }));

  test("another program", () => {
    refused({ identities: [ownIdentity(simulatedMeasurement(new Uint8Array(32), 9).mrEnclave)] });
  });

  test("evidence that is out of date", () =>
    refused({ time: () => new Date(NOW.getTime() + 31 * 24 * 3_600_000) }));

  test("a platform with an advisory that is not mitigated, until it is", async () => {
    const peer = await attestedEndpoint({ profile: "swHardeningNeeded" });
    const own = ownIdentity(platformOf(await developmentAuthority).mrEnclave);
    refused({ identities: [{ ...own, hardeningAdvisories: [] }] }, {}, peer);
    const client = clientOf();
    const verified = client.processAuthResponse(peer.clientAccept(client.authRequest()).response);
    expect(verified.tcbStatus).toBe("SWHardeningNeeded");
  });

  test("a debug enclave, until told otherwise", async () => {
    const peer = await attestedEndpoint({ platform: platformOf(await developmentAuthority, 1, true) });
    refused({}, {}, peer);
    const client = clientOf({ allowDebug: true });
    client.processAuthResponse(peer.clientAccept(client.authRequest()).response);
  });

  test("an older server's report, when it trusts a development root", () => {
    answer(NONE, "AttestationEvidenceVerification");
  });

  test("evidence that is about another key", () => {
    answer(encodeResponderPayload(server.evidence()), "BadRemoteIdentity");
  });

  test("a payload that is no evidence", () =>
    answer(Uint8Array.of(0x22, 9), "AttestationEvidenceDeserialization"));

  test("to judge without an identity, or a development root for a chain of value", () => {
    refusal(() => evidenceVerifier({ ...options, identities: [] }), "InvalidTrust");
    for (const chainId of ["main", "test"]) {
      refusal(() => evidenceVerifier({ ...options, chainId }), "InvalidTrust");
      expect(evidenceVerifier({ ...options, root: INTEL_SGX_ROOT, chainId })).toBeTypeOf("function");
    }
    expect(evidenceVerifier({ ...options, chainId: "local" })).toBeTypeOf("function");
  });
});

/** Plays a server that shows `payload`, with a key of its own. */
function answer(payload: Uint8Array, code: string): void {
  const staticPrivateKey = new Uint8Array(32).fill(5);
  expect(x25519PublicKey(staticPrivateKey)).not.toEqual(server.identityKey);
  const client = clientOf();
  const impostor = new NoiseHandshake({
    pattern: "NX",
    role: "responder",
    prologue: utf8(CLIENT_ID),
    staticPrivateKey,
  });
  impostor.read(client.authRequest());
  const response = impostor.write(payload);
  refusal(() => client.processAuthResponse(response), code);
  expect(client.isAttested).toBe(false);
  refusal(() => client.processAuthResponse(response), "InvalidState");
}
