import { readFile } from "node:fs/promises";
import {
  type AttestationRoot,
  evidenceVerifier,
  INTEL_SGX_ROOT,
  parseTrustedIdentities,
  type TrustedIdentity,
  type VerifiedEvidence,
} from "@mobilecoin-ts/attestation";
import { readAttestationEvidence, readAttestationRoot } from "@mobilecoin-ts/attestation/files";
import { hexToBytes } from "@mobilecoin-ts/crypto";
import type { AttestationEvidence } from "@mobilecoin-ts/ledger";
import type { Command } from "commander";
import { attestEndpoint } from "../attest/attest-endpoint.ts";
import { describeEvidence, describeVerified } from "../attest/describe-evidence.ts";
import { CliError } from "../cli-error.ts";
import { printJson, printTable, type Terminal } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { addJsonOption, examples, type SharedOptions } from "./shared-options.ts";

interface VerifyOptions extends SharedOptions {
  readonly identities?: string;
  readonly enclave: string;
  readonly mrEnclave?: string;
  readonly hardeningAdvisories?: readonly string[];
  readonly configAdvisories?: readonly string[];
  readonly root?: string;
  readonly allowDebug?: boolean;
  readonly at?: string;
}

/** `mobilecoin attest …`: what enclaves show about themselves, and whether it holds. */
export function addAttestCommands(program: Command, { terminal }: CommandContext): void {
  const attest = program.command("attest").description("show and verify the evidence of enclaves");

  addJsonOption(attest.command("inspect <evidence>"))
    .description("show what evidence says, believing none of it")
    .addHelpText("after", examples("mobilecoin attest inspect evidence.bin"))
    .action(async (file: string, options: SharedOptions) => {
      print(terminal, describeEvidence(await evidenceFrom(file)), options);
    });

  addJsonOption(attest.command("verify <evidence>"))
    .description("verify evidence: a file, or a running node's, which is asked for a session")
    .option("--identities <file>", "trusted identities, JSON")
    .option("--enclave <name>", "enclave of that file", "consensus")
    .option("--mr-enclave <hex>", "trusted measurement, in place of a file")
    .option("--hardening-advisories <ids...>", "advisories that the measurement mitigates in software")
    .option("--config-advisories <ids...>", "advisories that its configuration mitigates")
    .option("--root <file>", "root to trust in place of Intel's, PEM or DER: development only")
    .option("--allow-debug", "accept enclaves that can be looked into: development only")
    .option("--at <time>", "time to judge at, as in 2026-11-21T08:00:00Z (default: now)")
    .addHelpText(
      "after",
      examples(
        "mobilecoin attest verify evidence.bin --identities trusted-identities.json",
        "mobilecoin attest verify mc://node1.test.mobilecoin.com/ --mr-enclave 840d61b0... --hardening-advisories INTEL-SA-00334 INTEL-SA-00615",
        "mobilecoin attest verify insecure-mc://localhost:3223/ --mr-enclave 840d61b0... --root development-root.pem",
      ),
    )
    .action(async (source: string, options: VerifyOptions) => {
      print(terminal, describeVerified(await verifySource(source, options)), options);
    });
}

async function verifySource(source: string, options: VerifyOptions): Promise<VerifiedEvidence> {
  const time = timeOf(options.at);
  const verify = evidenceVerifier({
    identities: await identitiesOf(options),
    root: await rootOf(options.root),
    time: () => time,
    ...(options.allowDebug === undefined ? {} : { allowDebug: options.allowDebug }),
  });
  try {
    if (source.includes("://")) return await attestEndpoint(source, verify);
    const evidence = await evidenceFrom(source);
    return verify(evidence, keyOf(evidence));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`${source} did not prove to be a trusted enclave`, {
      cause,
      advice:
        "the reason is above: the measurement, its advisories, the root or the time differ from what is trusted",
    });
  }
}

/** A file has no handshake to compare with: what it says of its key is taken. */
function keyOf(evidence: AttestationEvidence): Uint8Array {
  if (evidence.case === "dcapEvidence") return evidence.value.reportData?.key ?? new Uint8Array(0);
  throw new CliError("a report of the older kind names no key of its own", {
    advice: "it is verified in a session: give the node's URI",
  });
}

function print(terminal: Terminal, value: Record<string, unknown>, options: SharedOptions): void {
  if (options.json) {
    printJson(terminal, value);
    return;
  }
  const rows = Object.entries(value).flatMap(([name, entry]) =>
    Array.isArray(entry)
      ? entry.map((line, i) => [i === 0 ? name : "", String(line)])
      : [[name, String(entry)]],
  );
  printTable(terminal, rows);
}

async function evidenceFrom(file: string): Promise<AttestationEvidence> {
  try {
    return await readAttestationEvidence(file);
  } catch (cause) {
    throw new CliError(`${file} cannot be read as evidence`, {
      cause,
      advice: "a file of evidence is a DcapEvidence or VerificationReport message, as bytes or in hex",
    });
  }
}

async function rootOf(file: string | undefined): Promise<AttestationRoot> {
  if (file === undefined) return INTEL_SGX_ROOT;
  try {
    return await readAttestationRoot(file);
  } catch (cause) {
    throw new CliError(`${file} cannot be read as a root of trust`, {
      cause,
      advice: "a root is one certificate in PEM or DER; devnets keep theirs in development-root.pem",
    });
  }
}

async function identitiesOf(options: VerifyOptions): Promise<readonly TrustedIdentity[]> {
  const { identities: file, enclave, mrEnclave, hardeningAdvisories = [], configAdvisories = [] } = options;
  if (mrEnclave !== undefined) {
    if (!/^[0-9a-fA-F]{64}$/.test(mrEnclave)) {
      throw new CliError(`"${mrEnclave}" is no measurement`, { advice: "MRENCLAVE is 64 hex digits" });
    }
    return [
      {
        kind: "mrEnclave",
        mrEnclave: hexToBytes(mrEnclave),
        hardeningAdvisories: [...hardeningAdvisories],
        configAdvisories: [...configAdvisories],
      },
    ];
  }
  if (file === undefined) {
    throw new CliError("nobody to trust was named", {
      advice: "give --identities <file>, or --mr-enclave <hex> with the advisories it mitigates",
    });
  }
  try {
    return parseTrustedIdentities(await readFile(file, "utf8")).forEnclave(enclave);
  } catch (cause) {
    throw new CliError(`${file} cannot be read as trusted identities`, {
      cause,
      advice: 'such a file is JSON: {"<release>": {"consensus": {"MRENCLAVE": "<64 hex digits>", ...}}}',
    });
  }
}

function timeOf(text: string | undefined): Date {
  const time = text === undefined ? new Date() : new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new CliError(`"${text}" is no time`, { advice: "write it as in 2026-11-21T08:00:00Z" });
  }
  return time;
}
