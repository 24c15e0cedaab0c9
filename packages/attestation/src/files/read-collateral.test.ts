import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SimulatedQuotingEnclave } from "../simulation/simulated-quoting-enclave.ts";
import { developmentAuthority, NOW, platformOf } from "../testing/attested-endpoints.ts";
import { readCollateral } from "./read-collateral.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "collateral-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("collateral is read from its parts, chains in DER or PEM", async () => {
  const authority = await developmentAuthority;
  const report = platformOf(authority).createReport(new Uint8Array(64));
  const enclave = new SimulatedQuotingEnclave({ authority, now: () => NOW });
  const { collateral } = await enclave.quote(report);
  const put = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const pem = (der: Uint8Array) => new X509Certificate(der).toString();
  const chain = collateral.tcbInfoIssuerChain;
  const files = {
    pckCrlIssuerChain: [
      await put("ca.der", collateral.pckCrlIssuerChain[0]!),
      await put("root.pem", pem(authority.root.der)),
    ],
    rootCaCrl: await put("root.crl", collateral.rootCaCrl),
    pckCrl: await put("pck.crl", collateral.pckCrl),
    tcbInfoIssuerChain: [await put("signer.pem", chain.map(pem).join(""))],
    tcbInfo: await put("tcb.json", collateral.tcbInfo),
    qeIdentityIssuerChain: [join(folder, "signer.pem")],
    qeIdentity: await put("qe.json", collateral.qeIdentity),
  };
  expect(await readCollateral(files)).toEqual(collateral);
  const noChain = { ...files, tcbInfoIssuerChain: [files.tcbInfo] };
  await expect(readCollateral(noChain)).rejects.toMatchObject({ code: "InvalidContents" });
});
