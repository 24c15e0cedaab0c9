import { fileURLToPath } from "node:url";
import {
  bundleEnclave,
  type EnclaveBundle,
  type RunningEnclave,
  type StartEnclaveOptions,
  startEnclave,
} from "@mobilecoin-ts/enclave";
import { consensusEnclave } from "../enclave-api/index.ts";

export type RunningConsensusEnclave = RunningEnclave<typeof consensusEnclave>;

export interface StartConsensusEnclaveOptions extends StartEnclaveOptions {
  /** Where the bundle is kept; a folder for temporary files where it is not given. */
  readonly bundleFolder?: string;
}

const bundles = new Map<string, Promise<EnclaveBundle>>();

/**
 * The trusted program as one file, made once a process and folder. Its hash is what a simulated enclave is measured by.
 *
 * @throws EnclaveError `Bundle`
 */
export async function consensusEnclaveBundle(folder?: string): Promise<EnclaveBundle> {
  const key = folder ?? "";
  const made = bundles.get(key) ?? bundleProgram(folder);
  bundles.set(key, made);
  try {
    return await made;
  } catch (error) {
    bundles.delete(key);
    throw error;
  }
}

function bundleProgram(folder: string | undefined): Promise<EnclaveBundle> {
  const entry = fileURLToPath(new URL("../enclave/main.ts", import.meta.url));
  return bundleEnclave(entry, folder === undefined ? {} : { folder });
}

/**
 * Starts the trusted half of a consensus node: `init` is the first call to make.
 *
 * @throws EnclaveError `Bundle`, `StartFailed`
 */
export async function startConsensusEnclave(
  options: StartConsensusEnclaveOptions,
): Promise<RunningConsensusEnclave> {
  return startEnclave(consensusEnclave, await consensusEnclaveBundle(options.bundleFolder), options);
}
