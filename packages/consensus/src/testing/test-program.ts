import {
  AttestedClient,
  type AttestedMessage,
  createDevelopmentRoot,
  evidenceVerifier,
  ownIdentity,
  type QuotingPlatform,
  SimulatedQuotingEnclave,
  simulatedMeasurement,
  simulatedPlatform,
} from "@mobilecoin-ts/attestation";
import { concat, equalBytes } from "@mobilecoin-ts/crypto";
import { blockVersion, DEFAULT_FEE_MAP, type Tx, txCodec } from "@mobilecoin-ts/transaction";
import {
  ConsensusProgram,
  type ConsensusProgramOptions,
  type Sealing,
} from "../enclave/consensus-program.ts";
import type { EnclaveInit } from "../enclave-api/index.ts";

const NOW = new Date("2026-11-21T08:00:00Z");
const authority = createDevelopmentRoot({ now: NOW });

export const TEST_CLIENT_ID = "node.test:443";

export const TEST_INIT: EnclaveInit = {
  peerResponderId: "node.test:8443",
  clientResponderId: TEST_CLIENT_ID,
  config: { fees: DEFAULT_FEE_MAP, governors: new Map(), blockVersion: blockVersion(4) },
};

/** Prepends the measurement instead of encrypting. */
function testSealing({ mrEnclave }: QuotingPlatform): Sealing {
  return {
    seal: (plaintext) => concat(mrEnclave, plaintext),
    unseal(sealed) {
      if (!equalBytes(sealed.slice(0, 32), mrEnclave)) throw new Error("sealed by another");
      return sealed.slice(32);
    },
  };
}

/** The trusted program on a simulated platform, in this thread; not initialised. `measurement` tells programs apart. */
export async function blankProgram(
  options: Partial<ConsensusProgramOptions> = {},
  measurement = 1,
): Promise<{ readonly program: ConsensusProgram; readonly platform: QuotingPlatform }> {
  const { root } = await authority;
  const bundle = new Uint8Array(32).fill(measurement);
  const platform = simulatedPlatform({
    ...simulatedMeasurement(bundle, 1),
    productId: 1,
    securityVersion: 10,
    root,
  });
  return {
    program: new ConsensusProgram({ platform, sealing: testSealing(platform), ...options }),
    platform,
  };
}

/** A program that has its configuration and evidence. */
export class TestProgram {
  readonly program: ConsensusProgram;
  readonly platform: QuotingPlatform;

  private constructor(program: ConsensusProgram, platform: QuotingPlatform) {
    this.program = program;
    this.platform = platform;
  }

  static async start(
    init: Partial<EnclaveInit> = {},
    options: Partial<ConsensusProgramOptions> = {},
    measurement = 1,
  ): Promise<TestProgram> {
    const { program, platform } = await blankProgram(options, measurement);
    program.init({ ...TEST_INIT, ...init });
    const { report, contents } = program.newReport();
    const quoting = new SimulatedQuotingEnclave({ authority: await authority, now: () => NOW });
    program.cacheEvidence({ ...(await quoting.quote(report)), reportData: contents });
    return new TestProgram(program, platform);
  }

  /** A wallet with a session. */
  client(): TestClient {
    return new TestClient(this);
  }

  /** Connects to another program as a node does to a peer: the session's id. */
  connect(responderId: string, peer: TestProgram): Uint8Array {
    const { response } = peer.program.peerAccept(this.program.peerInit({ responderId }));
    return this.program.peerConnect({ responderId, response }).channelId;
  }
}

export class TestClient {
  readonly #session: AttestedClient;

  constructor({ program, platform }: TestProgram) {
    this.#session = new AttestedClient({
      responderId: TEST_CLIENT_ID,
      verify: evidenceVerifier({
        identities: [ownIdentity(platform.mrEnclave)],
        root: platform.attestationRoot,
        time: () => NOW,
      }),
    });
    this.#session.processAuthResponse(program.clientAccept(this.#session.authRequest()).response);
  }

  get channelId(): Uint8Array {
    return this.#session.channelId;
  }

  encrypt(tx: Tx): AttestedMessage {
    return this.encryptBytes(txCodec.encode(tx));
  }

  encryptBytes(bytes: Uint8Array): AttestedMessage {
    return this.#session.encrypt(new Uint8Array(0), bytes);
  }
}
