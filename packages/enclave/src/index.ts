export {
  type AnyCalls,
  call,
  defineEnclave,
  type EnclaveCall,
  type EnclaveCalls,
  type EnclaveDeclaration,
  type EnclaveHandlers,
} from "./declaration.ts";
export { EnclaveError, type EnclaveErrorCode, type RemoteFailure } from "./error.ts";
export { type GramineManifestOptions, gramineManifest } from "./gramine/gramine-manifest.ts";
export {
  GramineQuotingProvider,
  type GramineQuotingProviderOptions,
} from "./gramine/gramine-quoting-provider.ts";
export {
  PcsCollateralProvider,
  type PcsCollateralProviderOptions,
} from "./gramine/pcs-collateral-provider.ts";
export { type BundleOptions, bundleEnclave, type EnclaveBundle } from "./host/bundle.ts";
export {
  type QuotingProvider,
  ReportCache,
  type ReportCacheOptions,
  type ReportingEnclave,
} from "./host/report-cache.ts";
export {
  type EnclaveMode,
  type RunningEnclave,
  type StartEnclaveOptions,
  startEnclave,
} from "./host/start-enclave.ts";
