export {
  DEVELOPMENT_CERTIFICATE_FILE,
  DEVELOPMENT_KEY_FILE,
  loadOrCreateDevelopmentAuthority,
} from "./development-authority-files.ts";
export { readAttestationEvidence } from "./read-attestation-evidence.ts";
export { readAttestationRoot } from "./read-attestation-root.ts";
export { type CollateralFiles, readCollateral } from "./read-collateral.ts";
