import { describe, expect, test } from "vitest";
import { type Advisories, allowedAdvisories, areAdvisoriesAllowed, TCB_STATUSES } from "./advisories.ts";
import { iasAdvisories, parseIasReportBody, verifyIasReport } from "./ias.ts";
import { isSigStructSigned, parseSigStruct, SIGSTRUCT_LENGTH } from "./sigstruct.ts";
import { parseTrustedIdentities } from "./trusted-identities-file.ts";

const refused = (code: string) => expect.objectContaining({ code });

describe("the advisory rule", () => {
  const actual = (status: Advisories["status"], ...ids: string[]): Advisories => ({ status, ids });

  test("makes a status of which lists are empty", () => {
    const of = (config: string[], hardening: string[]) => allowedAdvisories(config, hardening).status;
    expect([of([], []), of([], ["a"]), of(["a"], []), of(["a"], ["b"])]).toEqual([
      "UpToDate",
      "SWHardeningNeeded",
      "ConfigurationNeeded",
      "ConfigurationAndSWHardeningNeeded",
    ]);
  });

  test("never allows what is out of date or revoked, whatever the lists", () => {
    const all = allowedAdvisories(["a"], ["b"]);
    const allowed = TCB_STATUSES.filter((status) => areAdvisoriesAllowed(actual(status), all));
    expect(allowed).toEqual(TCB_STATUSES.slice(3));
  });

  test("wants every id allowed, of an up-to-date platform too", () => {
    const hardening = allowedAdvisories([], ["a"]);
    expect(areAdvisoriesAllowed(actual("SWHardeningNeeded", "a"), hardening)).toBe(true);
    expect(areAdvisoriesAllowed(actual("SWHardeningNeeded", "a", "b"), hardening)).toBe(false);
    expect(areAdvisoriesAllowed(actual("UpToDate", "A"), hardening)).toBe(false);
    expect(areAdvisoriesAllowed(actual("ConfigurationNeeded", "a"), hardening)).toBe(false);
  });
});

describe("trusted identities", () => {
  const hex = "ab".repeat(32);

  test("of all releases form the list of an enclave", () => {
    const one = { MRENCLAVE: hex };
    const two = { MRSIGNER: hex, product_id: 1, minimum_svn: 2, mitigated_config_advisories: ["x"] };
    const identities = parseTrustedIdentities(
      JSON.stringify({ v1: { consensus: one }, v2: { consensus: two } }),
    );
    expect(identities.forEnclave("consensus").map(({ kind }) => kind)).toEqual(["mrEnclave", "mrSigner"]);
    expect(() => identities.forEnclave("fog-view")).toThrow(refused("NoIdentitiesFound"));
  });

  test.each([
    "[]",
    '{"v1": []}',
    '{"v1": {"a": 1}}',
    `{"v1": {"a": {"MRENCLAVE": "${hex}", "product_id": 1}}}`,
    `{"v1": {"a": {"MRENCLAVE": "${hex}", "MRENCLAVE": "${hex}"}}}`,
    `{"v1": {"a": {"MRSIGNER": "${hex}", "product_id": 65536, "minimum_svn": 0}}}`,
    `{"v1": {}, "v1": {}}`,
    '{"v1": {"a": {"MRENCLAVE": "x"}}',
  ])("are not %s", (json) => {
    expect(() => parseTrustedIdentities(json)).toThrow(refused("InvalidIdentities"));
  });
});

describe("reports of the attestation service", () => {
  const body = (changes: object) =>
    JSON.stringify({
      id: "1",
      timestamp: "2021-01-01T00:00:00",
      version: 4,
      isvEnclaveQuoteStatus: "OK",
      isvEnclaveQuoteBody: btoa("\0".repeat(432)),
      ...changes,
    });

  test.each<[string, object]>([
    ["no id", { id: undefined }],
    ["a version as text", { version: "4" }],
    ["an unknown status", { isvEnclaveQuoteStatus: "FINE" }],
    ["a hardening status without an advisory URL", { isvEnclaveQuoteStatus: "SW_HARDENING_NEEDED" }],
    ["a revoked group without platform info", { isvEnclaveQuoteStatus: "GROUP_REVOKED" }],
    ["platform info that is no hex", { platformInfoBlob: "xyz" }],
    ["a quote that is no base64", { isvEnclaveQuoteBody: "!" }],
    ["a short quote", { isvEnclaveQuoteBody: btoa("\0".repeat(431)) }],
    ["advisories that are no list", { advisoryIDs: "a" }],
  ])("do not read with %s", (_name, changes) => {
    expect(() => parseIasReportBody(body(changes))).toThrow(refused("Parse"));
  });

  test("of a status that nobody accepts are refused", () => {
    for (const isvEnclaveQuoteStatus of ["SIGNATURE_INVALID", "KEY_REVOKED", "SIGRL_VERSION_MISMATCH"]) {
      const read = parseIasReportBody(body({ isvEnclaveQuoteStatus }));
      expect(() => iasAdvisories(read)).toThrow(refused("QuoteStatus"));
    }
    expect(iasAdvisories(parseIasReportBody(body({})))).toEqual({ status: "UpToDate", ids: [] });
  });

  test("without a signature that leads to the root are refused, whatever they say", () => {
    const report = { signature: new Uint8Array(256), httpBody: body({}) };
    const judge = (chain: Uint8Array[]) => () => verifyIasReport({ ...report, chain }, { identities: [] });
    expect(judge([])).toThrow(refused("NoChain"));
    expect(judge([new Uint8Array(4)])).toThrow(refused("BadSignature"));
  });
});

describe("SIGSTRUCT", () => {
  const sample = new Uint8Array(SIGSTRUCT_LENGTH);
  sample.set(Buffer.from("06000000e10000000000010000000000", "hex"), 0);
  sample.set(Buffer.from("28012020", "hex"), 20);
  sample.set(Buffer.from("01010000600000006000000001000000", "hex"), 24);
  const patched = (offset: number, value: number) => sample.with(offset, value);

  test("reads, and is not signed by being read", () => {
    const read = parseSigStruct(sample);
    expect(read.date).toBe("20200128");
    const numbered = parseSigStruct(patched(1024, 2).with(1026, 3).with(900, 4).with(928, 5).with(936, 6));
    const { isvProdId, isvSvn, miscSelect, attributesFlags, xfrm } = numbered;
    expect([isvProdId, isvSvn, miscSelect, attributesFlags, xfrm]).toEqual([2, 3, 4, 5n, 6n]);
    expect(isSigStructSigned(read)).toBe(false);
    expect(parseSigStruct(patched(16, 0x86).with(17, 0x80)).vendor).toEqual(Uint8Array.of(0x86, 0x80, 0, 0));
  });

  test.each<[string, Uint8Array, string]>([
    ["another length", sample.subarray(1), "InputLength"],
    ["another header", patched(0, 7), "BadHeader1"],
    ["another second header", patched(24, 7), "BadHeader2"],
    ["another vendor", patched(16, 1), "UnknownVendor"],
    ["a day that is none", patched(20, 0x32), "BadDate"],
    ["digits that are none", patched(20, 0x0a), "BadDate"],
    ["something reserved", patched(1030, 1), "NonZeroReserved"],
  ])("does not read with %s", (_name, bytes, code) => {
    expect(() => parseSigStruct(bytes)).toThrow(refused(code));
  });
});
