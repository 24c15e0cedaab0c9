import type { QuotingPlatform } from "@mobilecoin-ts/attestation";
import type { SealKeys } from "./seal.ts";

/** The processor as a program sees it, or what stands in for it. */
export interface EnclavePlatform extends QuotingPlatform, SealKeys {
  /**
   * The quote over the newest report, where only the enclave can have it made (Gramine); undefined before any. A
   * platform without this has its reports quoted by the host.
   */
  readonly lastQuote?: () => Uint8Array | undefined;
}

/** Runs named tasks of the same program in other threads, still inside the enclave. */
export interface TaskPool {
  /** How many tasks run at a time; 0 where they run in the caller's thread. */
  readonly size: number;
  /** Throws what the task throws, as `EnclaveError` `CallFailed`. */
  run(task: string, input: Uint8Array): Promise<Uint8Array>;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** All that a trusted program has besides its calls. */
export interface EnclaveEnvironment {
  readonly platform: EnclavePlatform;
  readonly pool: TaskPool;
  /** Writes to the host's log, which is anybody's: no secrets. */
  readonly log: (level: LogLevel, text: string) => void;
}

/** A function that workers of the pool run: bytes to bytes, no state. */
export type EnclaveTask = (input: Uint8Array) => Uint8Array | Promise<Uint8Array>;
