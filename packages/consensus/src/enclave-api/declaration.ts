import { attestedMessageCodec } from "@mobilecoin-ts/attestation";
import { call, defineEnclave } from "@mobilecoin-ts/enclave/declaration";
import { dcapEvidenceCodec } from "@mobilecoin-ts/ledger";
import { bytesCodec, nothingCodec } from "./bytes-codec.ts";
import { formBlockRequestCodec, formedBlockCodec } from "./form-block-request.ts";
import {
  enclaveIdentityCodec,
  enclaveInitCodec,
  minimumFeeCodec,
  recipientKeysCodec,
  tokenIdCodec,
} from "./init.ts";
import {
  acceptedHandshakeCodec,
  channelCodec,
  newReportCodec,
  peerAddressCodec,
  peerResponseCodec,
} from "./session.ts";
import { proposedByPeerCodec, txContextCodec, txsForPeerCodec } from "./tx-context.ts";
import {
  wellFormedBatchCodec,
  wellFormedOutcomesCodec,
  wellFormedRequestCodec,
  wellFormedTxCodec,
} from "./well-formed.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** A request of a client, which gRPC has limited to 4 MiB, and the transaction in it. */
const MESSAGE = { maxInput: 5 * MIB, maxOutput: 5 * MIB };
/** Up to 100 transactions a request of a peer, in one message of gRPC. */
const FROM_PEER = { maxInput: 64 * MIB, maxOutput: 64 * MIB };
/** A hundred transactions with their proofs, even if each is as large as one that is read can be. */
const BATCH = { maxInput: 160 * MIB, maxOutput: 160 * MIB };
/** Blocks have at most 5000 transactions of some 30 KiB, with proofs that are mostly shared. */
const WHOLE_BLOCK = { maxInput: 256 * MIB, maxOutput: 128 * MIB };
const HANDSHAKE = { maxInput: 256 * KIB, maxOutput: 256 * KIB };

/** The consensus enclave: everything that can be asked of it (04 section 2.14.2). */
export const consensusEnclave = defineEnclave({
  name: "consensus",
  productId: 1,
  securityVersion: 10,
  calls: {
    init: call(enclaveInitCodec, enclaveIdentityCodec),
    identity: call(nothingCodec, bytesCodec),
    signer: call(nothingCodec, bytesCodec),
    feeRecipient: call(nothingCodec, recipientKeysCodec),
    mintingTrustRoot: call(nothingCodec, bytesCodec),
    minimumFee: call(tokenIdCodec, minimumFeeCodec),

    newReport: call(nothingCodec, newReportCodec),
    cacheEvidence: call(dcapEvidenceCodec, nothingCodec),
    evidence: call(nothingCodec, dcapEvidenceCodec),

    clientAccept: call(bytesCodec, acceptedHandshakeCodec, HANDSHAKE),
    clientClose: call(channelCodec, nothingCodec),
    clientDiscard: call(attestedMessageCodec, nothingCodec, MESSAGE),
    clientTxPropose: call(attestedMessageCodec, txContextCodec, MESSAGE),

    peerInit: call(peerAddressCodec, bytesCodec, HANDSHAKE),
    peerConnect: call(peerResponseCodec, channelCodec, HANDSHAKE),
    peerAccept: call(bytesCodec, acceptedHandshakeCodec, HANDSHAKE),
    peerClose: call(channelCodec, nothingCodec),
    peerTxPropose: call(attestedMessageCodec, proposedByPeerCodec, FROM_PEER),
    txsForPeer: call(txsForPeerCodec, attestedMessageCodec, FROM_PEER),

    txIsWellFormed: call(wellFormedRequestCodec, wellFormedTxCodec, MESSAGE),
    txsAreWellFormed: call(wellFormedBatchCodec, wellFormedOutcomesCodec, BATCH),
    formBlock: call(formBlockRequestCodec, formedBlockCodec, WHOLE_BLOCK),
  },
});
