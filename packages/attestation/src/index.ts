export {
  AttestationError,
  type AttestationErrorCode,
  type AttestationErrorOptions,
  type ConversionErrorCode,
  type SessionErrorCode,
} from "./error.ts";
export { AttestedClient, type AttestedClientOptions } from "./session/attested-client.ts";
export {
  type AcceptedHandshake,
  AttestedEndpoint,
  type AttestedEndpointOptions,
  type ConnectedPeer,
  MITIGATED_HARDENING_ADVISORIES,
  ownIdentity,
  SESSION_LIMITS,
} from "./session/attested-endpoint.ts";
export { completeDcapEvidence } from "./session/evidence-payload.ts";
export {
  type EvidenceVerifier,
  type EvidenceVerifierOptions,
  evidenceVerifier,
  requireRootForChain,
} from "./session/evidence-verifier.ts";
export {
  type AttestedMessage,
  attestedMessageCodec,
  authMessageCodec,
  MAX_AUTH_MESSAGE_BYTES,
  type NonceMessage,
  nonceMessageCodec,
} from "./session/messages.ts";
export type { QuotingPlatform } from "./session/quoting-platform.ts";
export type { TrustedIdentity, VerifiedEvidence } from "./session/verification.ts";
export {
  createDevelopmentRoot,
  DEVELOPMENT_NAME_PREFIX,
  DevelopmentAuthority,
  type DevelopmentAuthoritySecrets,
} from "./simulation/development-authority.ts";
export {
  type Measurement,
  type SimulatedReportFields,
  simulatedMeasurement,
  simulatedReportBody,
} from "./simulation/measurement.ts";
export type { SimulationProfile } from "./simulation/simulated-collateral.ts";
export { type SimulatedPlatformOptions, simulatedPlatform } from "./simulation/simulated-platform.ts";
export {
  type QuoteWithCollateral,
  SimulatedQuotingEnclave,
  type SimulatedQuotingEnclaveOptions,
} from "./simulation/simulated-quoting-enclave.ts";
export { type AttestationRoot, INTEL_IAS_ROOT, INTEL_SGX_ROOT } from "./verify/roots.ts";
