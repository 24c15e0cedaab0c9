import type { DcapEvidence } from "@mobilecoin-ts/ledger";
import { AttestedEndpoint, type AttestedEndpointOptions } from "../session/attested-endpoint.ts";
import type { QuotingPlatform } from "../session/quoting-platform.ts";
import { createDevelopmentRoot, type DevelopmentAuthority } from "../simulation/development-authority.ts";
import { simulatedMeasurement } from "../simulation/measurement.ts";
import type { SimulationProfile } from "../simulation/simulated-collateral.ts";
import { simulatedPlatform } from "../simulation/simulated-platform.ts";
import { SimulatedQuotingEnclave } from "../simulation/simulated-quoting-enclave.ts";

/** The time tests play at. */
export const NOW = new Date("2026-11-21T08:00:00Z");

export const CLIENT_ID = "node.test:443";
export const PEER_ID = "node.test:8443-d1";

export const developmentAuthority: Promise<DevelopmentAuthority> = createDevelopmentRoot({ now: NOW });

/** Platform of the program of which `program` is a stand-in for the hash. */
export function platformOf(authority: DevelopmentAuthority, program = 1, debug = false): QuotingPlatform {
  const bundle = new Uint8Array(32).fill(program);
  return simulatedPlatform({
    ...simulatedMeasurement(bundle, 1),
    productId: 1,
    securityVersion: 10,
    root: authority.root,
    debug,
  });
}

export interface TestEndpointOptions extends Partial<AttestedEndpointOptions> {
  readonly authority?: DevelopmentAuthority;
  readonly profile?: SimulationProfile;
}

/** Has a report of the endpoint quoted. */
export async function quoted(
  endpoint: AttestedEndpoint,
  authority: DevelopmentAuthority,
  profile: SimulationProfile = "upToDate",
): Promise<DcapEvidence> {
  const { report, contents } = endpoint.newReport();
  const enclave = new SimulatedQuotingEnclave({ authority, now: () => NOW, profile });
  return { ...(await enclave.quote(report)), reportData: contents };
}

/** An endpoint with evidence. */
export async function attestedEndpoint(options: TestEndpointOptions = {}): Promise<AttestedEndpoint> {
  const { authority = await developmentAuthority, profile, ...rest } = options;
  const endpoint = new AttestedEndpoint({
    platform: platformOf(authority),
    clientResponderId: CLIENT_ID,
    peerResponderId: PEER_ID,
    ...rest,
  });
  endpoint.cacheEvidence(await quoted(endpoint, authority, profile));
  return endpoint;
}
