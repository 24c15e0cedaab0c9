import type { EnclaveHandlers } from "@mobilecoin-ts/enclave/trusted";
import type { consensusEnclave } from "../enclave-api/index.ts";
import type { ConsensusProgram } from "./consensus-program.ts";
import { EnclaveRefusal, refusalOf } from "./refusal-of.ts";

const NOTHING = {};

/** Makes a call fail with nothing but what the host may know. */
function refusing<Input, Output>(
  answer: (input: Input) => Output | Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await answer(input);
    } catch (error) {
      throw error instanceof EnclaveRefusal ? error : new EnclaveRefusal(refusalOf(error));
    }
  };
}

function refusingSilent<Input>(act: (input: Input) => void): (input: Input) => Promise<typeof NOTHING> {
  return refusing((input) => {
    act(input);
    return NOTHING;
  });
}

/** The declared calls, answered by the program. */
export function handlersOf(program: ConsensusProgram): EnclaveHandlers<typeof consensusEnclave> {
  return {
    init: refusing((init) => program.init(init)),
    identity: refusing(() => program.identity()),
    signer: refusing(() => program.signer()),
    feeRecipient: refusing(() => program.feeRecipient()),
    mintingTrustRoot: refusing(() => program.mintingTrustRoot()),
    minimumFee: refusing((token) => program.minimumFee(token)),

    newReport: refusing(() => program.newReport()),
    cacheEvidence: refusingSilent((evidence) => program.cacheEvidence(evidence)),
    evidence: refusing(() => program.evidence()),

    clientAccept: refusing((message) => program.clientAccept(message)),
    clientClose: refusingSilent((channel) => program.clientClose(channel)),
    clientDiscard: refusingSilent((message) => program.clientDiscard(message)),
    clientTxPropose: refusing((message) => program.clientTxPropose(message)),

    peerInit: refusing((peer) => program.peerInit(peer)),
    peerConnect: refusing((response) => program.peerConnect(response)),
    peerAccept: refusing((message) => program.peerAccept(message)),
    peerClose: refusingSilent((channel) => program.peerClose(channel)),
    peerTxPropose: refusing((message) => program.peerTxPropose(message)),
    txsForPeer: refusing((request) => program.txsForPeer(request)),

    txIsWellFormed: refusing((request) => program.txIsWellFormed(request)),
    txsAreWellFormed: refusing((batch) => program.txsAreWellFormed(batch)),
    formBlock: refusing((request) => program.formBlock(request)),
  };
}
