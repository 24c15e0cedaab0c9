import { resolve } from "node:path";
import { simulatedMeasurement } from "@mobilecoin-ts/attestation";
import { consensusEnclave, consensusEnclaveBundle } from "@mobilecoin-ts/consensus/enclave";
import { bytesToHex } from "@mobilecoin-ts/crypto";
import { gramineManifest } from "@mobilecoin-ts/enclave";
import { type Command, InvalidArgumentError, Option } from "commander";
import { printJson, printTable } from "../terminal.ts";
import type { CommandContext } from "../wallet-session.ts";
import { addJsonOption, examples } from "./shared-options.ts";

const GIB = 2n ** 30n;

interface MeasureOptions {
  readonly bundleFolder?: string;
  readonly json?: boolean;
}

interface ManifestOptions {
  readonly bundleFolder: string;
  readonly node: string;
  readonly workers: number;
  readonly sizeGib: number;
  readonly nodeFlag: readonly string[];
  readonly debug: boolean;
  readonly edmm: boolean;
}

/** `mobilecoin enclave`: what the trusted program of a consensus node is measured as, and how hardware runs it. */
export function addEnclaveCommands(program: Command, { terminal }: CommandContext): void {
  const enclave = program
    .command("enclave")
    .description("the consensus enclave: its measurement, and its manifest for SGX hardware");

  const measure = enclave
    .command("measure")
    .description("print what clients of a simulated consensus enclave have to trust")
    .option("--bundle-folder <folder>", "where to keep the bundle; among temporary files by default")
    .addHelpText(
      "after",
      `
On hardware the processor measures more than the bundle: sign the manifest and
read its MRENCLAVE with gramine-sgx-sigstruct-view.
${examples("mobilecoin enclave measure", "mobilecoin enclave measure --json")}`,
    )
    .action(async ({ bundleFolder, json }: MeasureOptions) => {
      const { productId, securityVersion } = consensusEnclave;
      const { file, sha256 } = await consensusEnclaveBundle(bundleFolder);
      const { mrEnclave, mrSigner } = simulatedMeasurement(sha256, productId);
      const measured = {
        mrEnclave: bytesToHex(mrEnclave),
        mrSigner: bytesToHex(mrSigner),
        productId,
        securityVersion,
        bundleSha256: bytesToHex(sha256),
        bundleFile: file,
      };
      if (json === true) printJson(terminal, measured);
      else
        printTable(
          terminal,
          Object.entries(measured).map(([name, value]) => [name, `${value}`]),
        );
    });
  addJsonOption(measure);

  enclave
    .command("manifest")
    .description(
      "print a Gramine manifest that runs the consensus enclave on SGX (not run on hardware so far)",
    )
    .option(
      "--bundle-folder <folder>",
      "where to put the bundle that the manifest names",
      "consensus-enclave",
    )
    .option("--node <file>", "the Node binary of the machine", "/usr/bin/node")
    .addOption(
      new Option("--workers <number>", "threads for validation").default(0).argParser(wholeNumber(0, 256)),
    )
    .addOption(
      new Option("--size-gib <number>", "size of the enclave, a power of two")
        .default(4)
        .argParser(wholeNumber(2, 1024)),
    )
    .option("--node-flag <flag>", "a flag for Node or V8; can be given again", collect, [])
    .option("--debug", "make a debug enclave, which clients refuse", false)
    .option("--edmm", "add memory as it is needed, where Linux and processor can", false)
    .addHelpText(
      "after",
      examples(
        "mobilecoin enclave manifest > consensus.manifest.template",
        "mobilecoin enclave manifest --workers 4 --size-gib 8 --node-flag=--max-old-space-size=2048",
      ),
    )
    .action(async (options: ManifestOptions) => {
      const { node, workers, sizeGib, nodeFlag, debug, edmm } = options;
      const { productId, securityVersion } = consensusEnclave;
      const { file, sha256 } = await consensusEnclaveBundle(resolve(options.bundleFolder));
      terminal.out.write(
        `${gramineManifest({
          bundleFile: file,
          bundleSha256: sha256,
          productId,
          securityVersion,
          node,
          nodeFlags: nodeFlag,
          size: BigInt(sizeGib) * GIB,
          workers,
          debug,
          dynamicMemory: edmm,
        }).trimEnd()}\n`,
      );
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,6}$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`give a whole number of ${least} to ${most}`);
    }
    return value;
  };
}
