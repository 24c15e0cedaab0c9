import { concat } from "@mobilecoin-ts/crypto";
import { type DcapEvidence, dcapEvidenceCodec, verificationReportCodec } from "@mobilecoin-ts/ledger";
import { beforeAll, describe, expect, test } from "vitest";
import { attestedEndpoint } from "../testing/attested-endpoints.ts";
import {
  completeDcapEvidence,
  decodeInitiatorPayload,
  decodeResponderPayload,
  encodeInitiatorPayload,
  encodeResponderPayload,
} from "./evidence-payload.ts";

const EMPTY = new Uint8Array(0);
const report = { signature: Uint8Array.of(1), chain: [Uint8Array.of(2)], httpBody: "{}" };
let evidence: DcapEvidence;

beforeAll(async () => {
  evidence = (await attestedEndpoint()).evidence();
});

const undeserialized = (cause: object) =>
  expect.objectContaining({
    code: "AttestationEvidenceDeserialization",
    cause: expect.objectContaining(cause),
  });

test("an initiator sends evidence bare, a responder at field 4 of a wrapper", () => {
  const bare = dcapEvidenceCodec.encode(evidence);
  expect(encodeInitiatorPayload(evidence)).toEqual(bare);
  const length = Uint8Array.of((bare.length & 0x7f) | 0x80, bare.length >> 7);
  expect(encodeResponderPayload(evidence)).toEqual(concat(Uint8Array.of(0x22), length, bare));
  expect(decodeInitiatorPayload(bare)).toEqual(evidence);
  expect(decodeResponderPayload(encodeResponderPayload(evidence))).toEqual({
    case: "dcapEvidence",
    value: evidence,
  });
});

test("without field 4 the same bytes are an EPID report, with it they never are", () => {
  const bytes = verificationReportCodec.encode(report);
  expect(decodeResponderPayload(bytes)).toEqual({ case: "verificationReport", value: report });
  expect(decodeResponderPayload(concat(bytes, encodeResponderPayload(evidence))).case).toBe("dcapEvidence");
  expect(decodeResponderPayload(EMPTY)).toEqual({
    case: "verificationReport",
    value: { signature: EMPTY, chain: [], httpBody: "" },
  });
  // Unknown fields are no obstacle.
  expect(decodeResponderPayload(Uint8Array.of(0x78, 1)).case).toBe("verificationReport");
  expect(() => decodeInitiatorPayload(encodeResponderPayload(evidence))).toThrow(
    undeserialized({ code: "MissingField", data: { field: "quote" } }),
  );
});

test("bytes that are no message are refused", () => {
  for (const bytes of [Uint8Array.of(0x22, 5, 1), Uint8Array.of(0x0a, 0xff)]) {
    expect(() => decodeResponderPayload(bytes)).toThrow(undeserialized({ name: "WireError" }));
    expect(() => decodeInitiatorPayload(bytes)).toThrow(undeserialized({ name: "WireError" }));
  }
});

test("NUL bytes around the texts are no part of them", () => {
  const { collateral } = evidence;
  const padded = {
    ...evidence,
    collateral: {
      ...collateral!,
      tcbInfo: `\0${collateral!.tcbInfo}\0\0`,
      qeIdentity: `${collateral!.qeIdentity}\0`,
    },
  };
  expect(completeDcapEvidence(padded)).toEqual(evidence);
});

describe("evidence that is refused unread", () => {
  const collateral = (part: object): Partial<DcapEvidence> => ({
    collateral: { ...evidence.collateral!, ...part },
  });
  const contents = (part: object): Partial<DcapEvidence> => ({
    reportData: { ...evidence.reportData!, ...part },
  });
  const der = () => evidence.collateral!.rootCaCrl;

  // In the order in which they are found.
  const rules: [string, () => Partial<DcapEvidence>, object][] = [
    ["no quote", () => ({ quote: undefined }), { code: "MissingField", data: { field: "quote" } }],
    [
      "no collateral",
      () => ({ collateral: undefined }),
      { code: "MissingField", data: { field: "collateral" } },
    ],
    [
      "no report data",
      () => ({ reportData: undefined }),
      { code: "MissingField", data: { field: "report_data" } },
    ],
    [
      "an empty chain",
      () => collateral({ pckCrlIssuerChain: [] }),
      { code: "InvalidContents", data: { field: "pck_crl_issuer_chain" } },
    ],
    [
      "a list with bytes behind it",
      () => collateral({ rootCaCrl: concat(der(), Uint8Array.of(0)) }),
      { code: "InvalidContents", data: { field: "root_ca_crl" } },
    ],
    [
      "a list cut short",
      () => collateral({ pckCrl: der().subarray(1) }),
      { code: "InvalidContents", data: { field: "pck_crl" } },
    ],
    ["no list", () => collateral({ pckCrl: EMPTY }), { code: "InvalidContents", data: { field: "pck_crl" } }],
    [
      "a certificate that is none",
      () => collateral({ tcbInfoIssuerChain: [der(), Uint8Array.of(0x30, 0x80)] }),
      { code: "InvalidContents", data: { field: "tcb_info_issuer_chain" } },
    ],
    [
      "a text of NUL bytes",
      () => collateral({ tcbInfo: "\0\0" }),
      { code: "InvalidContents", data: { field: "tcb_info" } },
    ],
    [
      "another empty chain",
      () => collateral({ qeIdentityIssuerChain: [] }),
      { code: "InvalidContents", data: { field: "qe_identity_issuer_chain" } },
    ],
    [
      "an empty text",
      () => collateral({ qeIdentity: "" }),
      { code: "InvalidContents", data: { field: "qe_identity" } },
    ],
    [
      "a short nonce",
      () => contents({ nonce: new Uint8Array(15) }),
      { code: "LengthMismatch", data: { field: "nonce", found: 15, required: "16" } },
    ],
    ["a long key", () => contents({ key: new Uint8Array(33) }), { code: "Key" }],
    [
      "a short custom identity",
      () => contents({ customIdentity: new Uint8Array(1) }),
      { code: "LengthMismatch", data: { field: "custom_identity", found: 1, required: "none or 32" } },
    ],
  ];

  test.each(rules)("%s", (_, change, error) => {
    const broken = { ...evidence, ...change() };
    expect(() => completeDcapEvidence(broken)).toThrow(expect.objectContaining(error));
    expect(() => decodeInitiatorPayload(encodeInitiatorPayload(broken))).toThrow(undeserialized(error));
    expect(() => decodeResponderPayload(encodeResponderPayload(broken))).toThrow(undeserialized(error));
  });

  test("the first broken rule is the one reported", () => {
    const all = {
      quote: undefined,
      ...contents({ nonce: EMPTY, key: EMPTY }),
      ...collateral({ tcbInfo: "", qeIdentity: "" }),
    };
    const code = (broken: Partial<DcapEvidence>, error: object) =>
      expect(() => completeDcapEvidence({ ...evidence, ...broken })).toThrow(expect.objectContaining(error));
    code(all, { code: "MissingField" });
    code({ ...all, quote: evidence.quote }, { code: "InvalidContents", data: { field: "tcb_info" } });
    code({ ...all, quote: evidence.quote, collateral: evidence.collateral }, { code: "LengthMismatch" });
  });
});
