export {
  AttestationError,
  type AttestationErrorCode,
  type AttestationErrorOptions,
  type ConversionErrorCode,
  type SessionErrorCode,
  type VerificationErrorCode,
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
export {
  type Advisories,
  allowedAdvisories,
  areAdvisoriesAllowed,
  describeAdvisories,
  TCB_STATUSES,
  type TcbStatus,
} from "./verify/advisories.ts";
export { type Certificate, parseCertificate } from "./verify/certificate.ts";
export { type ChainOptions, type VerifiedChain, verifyChain } from "./verify/chain.ts";
export { parseRevocationList, type RevocationList } from "./verify/crl.ts";
export { type DcapVerificationOptions, verifyDcapEvidence, verifyDcapQuote } from "./verify/dcap.ts";
export {
  type EpidQuote,
  type IasQuoteStatus,
  type IasReportBody,
  type IasVerificationOptions,
  iasAdvisories,
  parseEpidQuote,
  parseIasReportBody,
  verifyIasReport,
} from "./verify/ias.ts";
export { type PlatformTcb, pckChainOf, platformTcbOf } from "./verify/pck-certificates.ts";
export { type PinnedChainOptions, publicKeyInfoOf, verifyPinnedChain } from "./verify/pinning.ts";
export { parseQeIdentity, type QeIdentity, qeLevelOf } from "./verify/qe-identity.ts";
export { parseQuote, type Quote } from "./verify/quote.ts";
export {
  encodeReportBody,
  isDebug,
  parseReportBody,
  REPORT_BODY_LENGTH,
  type ReportBody,
} from "./verify/report-body.ts";
export { type AttestationRoot, INTEL_IAS_ROOT, INTEL_SGX_ROOT } from "./verify/roots.ts";
export { parseSignedJson, requireSignedJson, type SignedJson } from "./verify/signed-json.ts";
export { isSigStructSigned, parseSigStruct, SIGSTRUCT_LENGTH, type SigStruct } from "./verify/sigstruct.ts";
export { parseTcbInfo, type TcbInfo, tcbLevelOf } from "./verify/tcb-info.ts";
export {
  type EnclaveName,
  parseTrustedIdentities,
  TrustedIdentities,
} from "./verify/trusted-identities-file.ts";
export {
  type MrEnclaveIdentity,
  type MrSignerIdentity,
  matchIdentity,
  type TrustedIdentity,
} from "./verify/trusted-identity.ts";
export { reportDataHash, type VerifiedEvidence, type VerifiedQuote } from "./verify/verified-evidence.ts";
