import type { EnclaveCalls } from "@mobilecoin-ts/enclave";
import type { consensusEnclave } from "../enclave-api/index.ts";

/** The enclave as the rest of the node calls it. */
export type ConsensusEnclave = EnclaveCalls<typeof consensusEnclave>;
