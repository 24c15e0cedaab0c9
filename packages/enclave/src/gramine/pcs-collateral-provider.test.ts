import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createDevelopmentRoot,
  SimulatedQuotingEnclave,
  simulatedMeasurement,
  simulatedReportBody,
} from "@mobilecoin-ts/attestation";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import type { Collateral } from "@mobilecoin-ts/ledger";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GramineQuotingProvider } from "./gramine-quoting-provider.ts";
import { PcsCollateralProvider } from "./pcs-collateral-provider.ts";

type Answer = (response: ServerResponse) => void;

const report = simulatedReportBody({
  ...simulatedMeasurement(new Uint8Array(32), 1),
  productId: 1,
  securityVersion: 1,
  reportData: new Uint8Array(64),
});
let quote: Uint8Array;
let collateral: Collateral;
let server: Server;
let url: string;
let asked: string[];
let answers: Record<string, Answer>;

const pem = (chain: readonly Uint8Array[]) =>
  encodeURIComponent(
    chain
      .map(
        (der) =>
          `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`,
      )
      .join(""),
  );

const answer =
  (body: Uint8Array | string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(200, headers).end(body);

beforeAll(async () => {
  const authority = await createDevelopmentRoot({ now: new Date() });
  const quoting = new SimulatedQuotingEnclave({ authority, now: () => new Date() });
  ({ quote, collateral } = await quoting.quote(report));
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const path = (request.url ?? "").split("?")[0]?.replace("/sgx/certification/v4/", "") ?? "";
    const found = answers[path];
    if (found === undefined) response.writeHead(404).end();
    else found(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answers = {
    pckcrl: answer(collateral.pckCrl, { "SGX-PCK-CRL-Issuer-Chain": pem(collateral.pckCrlIssuerChain) }),
    rootcacrl: answer(bytesToHex(collateral.rootCaCrl)),
    tcb: answer(collateral.tcbInfo, { "TCB-Info-Issuer-Chain": pem(collateral.tcbInfoIssuerChain) }),
    "qe/identity": answer(collateral.qeIdentity, {
      "SGX-Enclave-Identity-Issuer-Chain": pem(collateral.qeIdentityIssuerChain),
    }),
  };
});

describe("collateral from a service", () => {
  test("is that of the quote's platform", async () => {
    expect(await new PcsCollateralProvider({ url }).collateral(quote)).toEqual(collateral);
    expect(asked.sort()).toEqual([
      "/sgx/certification/v4/pckcrl?ca=processor&encoding=der",
      "/sgx/certification/v4/qe/identity",
      "/sgx/certification/v4/rootcacrl",
      "/sgx/certification/v4/tcb?fmspc=dec0de000001",
    ]);
  });

  test("has the root's list from where it is told, also as DER", async () => {
    const provider = new PcsCollateralProvider({ url, rootCrlUrl: `${url}root.der` });
    answers["/root.der"] = answer(collateral.rootCaCrl);
    expect((await provider.collateral(quote)).rootCaCrl).toEqual(collateral.rootCaCrl);
  });

  test.each<[string, string, Answer, string]>([
    ["fails", "tcb", (response) => void response.writeHead(500).end(), "status 500"],
    ["gives no chain", "tcb", answer("{}"), "TCB-Info-Issuer-Chain"],
    ["gives a broken chain", "tcb", answer("{}", { "TCB-Info-Issuer-Chain": "%zz" }), "cannot be read"],
    ["gives no list", "rootcacrl", answer("no list"), "no revocation list"],
    ["gives too much", "qe/identity", answer(new Uint8Array(2 << 20)), "longer than"],
    ["breaks off", "pckcrl", (response) => void response.destroy(), "gave no collateral"],
  ])("is refused where the service %s (%s)", async (_, path, bent, message) => {
    answers[path] = bent;
    await expect(new PcsCollateralProvider({ url }).collateral(quote)).rejects.toMatchObject({
      name: "EnclaveError",
      code: "Collateral",
      message: expect.stringContaining(message),
    });
  });
});

describe("the quote of an enclave on hardware", () => {
  const service = () => new PcsCollateralProvider({ url });

  test("comes with its collateral", async () => {
    const provider = new GramineQuotingProvider({
      enclave: { quote: async () => quote },
      collateral: service(),
    });
    expect(await provider.quote(report)).toEqual({ quote, collateral });
  });

  test("is refused over another report", async () => {
    const provider = new GramineQuotingProvider({
      enclave: { quote: async () => quote },
      collateral: service(),
    });
    await expect(provider.quote(new Uint8Array(384))).rejects.toMatchObject({ code: "Evidence" });
    expect(asked).toEqual([]);
  });
});
