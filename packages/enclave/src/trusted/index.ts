export { call, defineEnclave, type EnclaveHandlers } from "../declaration.ts";
export { type EnclaveMainOptions, type EnclaveSetup, enclaveMain } from "./enclave-main.ts";
export type { EnclaveEnvironment, EnclavePlatform, EnclaveTask, LogLevel, TaskPool } from "./environment.ts";
export { type SealKeys, seal, unseal } from "./seal.ts";
