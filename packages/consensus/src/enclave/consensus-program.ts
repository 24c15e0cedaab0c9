import { AttestedEndpoint, type AttestedMessage, type QuotingPlatform } from "@mobilecoin-ts/attestation";
import { ed25519PublicKey, equalBytes } from "@mobilecoin-ts/crypto";
import { type RandomBytes, systemRandom } from "@mobilecoin-ts/curve";
import type { DcapEvidence } from "@mobilecoin-ts/ledger";
import { signBlock } from "@mobilecoin-ts/ledger";
import { memberRoots, type Tx, txHash } from "@mobilecoin-ts/transaction";
import type {
  AcceptedHandshake,
  Channel,
  EnclaveIdentity,
  EnclaveInit,
  FormBlockRequest,
  FormedBlock,
  MinimumFee,
  NewReport,
  PeerAddress,
  PeerResponse,
  ProposedByPeer,
  Refusal,
  TxContext,
  TxsForPeer,
  TxToCheck,
  WellFormedBatch,
  WellFormedOutcome,
  WellFormedRequest,
  WellFormedTx,
} from "../enclave-api/index.ts";
import type { RecipientKeys } from "../enclave-outputs.ts";
import { ConsensusError } from "../error.ts";
import { commonRoot, formBlock } from "../form-block.ts";
import { EnclaveRefusal, refusalOf } from "./refusal-of.ts";
import { type TrustedConfig, trustConfig } from "./trusted-config.ts";
import { txContextOf, wellFormedTxContextOf } from "./tx-context-of.ts";
import { encodeTxList, type ReceivedTx, receiveTx, receiveTxList } from "./tx-decoding.ts";
import { type ParkedTx, TxPark } from "./tx-park.ts";
import { type Check, type Validate, validateHere } from "./validation.ts";

/** Bytes that only this program on this machine can read again. */
export interface Sealing {
  seal(plaintext: Uint8Array): Uint8Array;
  /** Throws where the bytes were sealed elsewhere, or were changed. */
  unseal(sealed: Uint8Array): Uint8Array;
}

export interface ConsensusProgramOptions {
  readonly platform: QuotingPlatform;
  readonly sealing: Sealing;
  readonly validate?: Validate;
  readonly random?: RandomBytes;
  /** Bytes of transactions that each of the two caches keeps decoded; 0 keeps none. */
  readonly maxKeptBytes?: number;
}

/** What exists from `init` on. */
interface Started {
  readonly config: TrustedConfig;
  readonly endpoint: AttestedEndpoint;
  readonly blockSigningSeed: Uint8Array;
  readonly identity: EnclaveIdentity;
}

/** The trusted half of a consensus node (04 section 2.14). Every method is a call the host makes. */
export class ConsensusProgram {
  readonly #options: ConsensusProgramOptions;
  readonly #random: RandomBytes;
  readonly #validate: Validate;
  /** Transactions that somebody sent. */
  readonly #proposed: TxPark;
  /** Transactions that were found well-formed. Its key encrypts no others, so what it decrypts need not be verified again. */
  readonly #wellFormed: TxPark;
  #started: Started | undefined;

  constructor(options: ConsensusProgramOptions) {
    this.#options = options;
    this.#random = options.random ?? systemRandom;
    this.#validate = options.validate ?? validateHere;
    this.#proposed = new TxPark(this.#random, options.maxKeptBytes);
    this.#wellFormed = new TxPark(this.#random, options.maxKeptBytes);
  }

  /**
   * Tells the enclave its network. Once: who controls the host must not move sessions or keys to other rules.
   *
   * @throws ConsensusError `AlreadyInitialized`, `IntelSealing`, and what `trustConfig` throws
   */
  init(init: EnclaveInit): EnclaveIdentity {
    if (this.#started !== undefined) {
      throw new ConsensusError(
        "AlreadyInitialized",
        "the enclave has its configuration; start another for another",
      );
    }
    const config = trustConfig(init);
    const { seed, sealed } = this.#blockSigningKey(init.sealedBlockSigningKey);
    const blockSigningKey = ed25519PublicKey(seed);
    const peerResponderIdWithDigest = init.peerResponderId + config.peerIdSuffix;
    const endpoint = new AttestedEndpoint({
      platform: this.#options.platform,
      customIdentity: blockSigningKey,
      clientResponderId: init.clientResponderId,
      peerResponderId: peerResponderIdWithDigest,
      random: this.#random,
    });
    const identity = {
      sealedBlockSigningKey: sealed,
      blockSigningKey,
      identityKey: endpoint.identityKey,
      peerResponderIdWithDigest,
    };
    this.#started = { config, endpoint, blockSigningSeed: seed, identity };
    return identity;
  }

  #blockSigningKey(sealed: Uint8Array | undefined): {
    readonly seed: Uint8Array;
    readonly sealed: Uint8Array;
  } {
    const { sealing } = this.#options;
    if (sealed === undefined) {
      const seed = this.#random(32);
      return { seed, sealed: sealing.seal(seed) };
    }
    try {
      const seed = sealing.unseal(sealed);
      if (seed.length === 32) return { seed, sealed };
    } catch (cause) {
      throw new ConsensusError(
        "IntelSealing",
        "the sealed block signing key is not this enclave's: it was sealed by another version or on another machine; remove the file to have a new key made",
        cause,
      );
    }
    throw new ConsensusError("IntelSealing", "what was sealed is no block signing key; remove the file");
  }

  get #required(): Started {
    if (this.#started === undefined) {
      throw new ConsensusError("NotInitialized", "the enclave has no configuration yet; call init first");
    }
    return this.#started;
  }

  identity(): Uint8Array {
    return this.#required.identity.identityKey;
  }

  signer(): Uint8Array {
    return this.#required.identity.blockSigningKey;
  }

  feeRecipient(): RecipientKeys {
    return this.#required.config.rules.feeRecipient;
  }

  mintingTrustRoot(): Uint8Array {
    return this.#required.config.mintingTrustRoot;
  }

  minimumFee({ tokenId }: { readonly tokenId: bigint }): MinimumFee {
    return { fee: this.#required.config.fees.get(tokenId) };
  }

  newReport(): NewReport {
    return this.#required.endpoint.newReport();
  }

  cacheEvidence(evidence: DcapEvidence): void {
    this.#required.endpoint.cacheEvidence(evidence);
  }

  evidence(): DcapEvidence {
    return this.#required.endpoint.evidence();
  }

  clientAccept(authMessage: Uint8Array): AcceptedHandshake {
    return this.#required.endpoint.clientAccept(authMessage);
  }

  clientClose({ channelId }: Channel): void {
    this.#required.endpoint.clientClose(channelId);
  }

  /** Decrypts and forgets, so that the session's counter keeps step with the client's. */
  clientDiscard(message: AttestedMessage): void {
    this.#required.endpoint.clientDiscard(message);
  }

  /** @throws ConsensusError `Serialization`, `FeeMapDigestMismatch`; AttestationError */
  clientTxPropose(message: AttestedMessage): TxContext {
    const { endpoint, config } = this.#required;
    const received = receiveTx(endpoint.clientDecrypt(message));
    requireFeeMap(received.tx, config);
    return this.#propose(received);
  }

  peerInit({ responderId }: PeerAddress): Uint8Array {
    const { endpoint, config } = this.#required;
    return endpoint.peerInit(responderId + config.peerIdSuffix);
  }

  peerConnect({ responderId, response }: PeerResponse): Channel {
    const { endpoint, config } = this.#required;
    return { channelId: endpoint.peerConnect(responderId + config.peerIdSuffix, response).channelId };
  }

  peerAccept(authMessage: Uint8Array): AcceptedHandshake {
    return this.#required.endpoint.peerAccept(authMessage);
  }

  peerClose({ channelId }: Channel): void {
    this.#required.endpoint.peerClose(channelId);
  }

  /** @throws ConsensusError `Serialization`; AttestationError */
  peerTxPropose(message: AttestedMessage): ProposedByPeer {
    const received = receiveTxList(this.#required.endpoint.peerDecrypt(message));
    return { aad: message.aad, contexts: received.map((tx) => this.#propose(tx)) };
  }

  /** @throws ConsensusError `CacheCipher`; AttestationError `NotFound` */
  txsForPeer({ encryptedTxs, aad, channelId }: TxsForPeer): AttestedMessage {
    const txs = encryptedTxs.map((blob) => this.#wellFormed.bytesOf(blob));
    return this.#required.endpoint.peerEncrypt(channelId, aad, encodeTxList(txs));
  }

  #propose(received: ReceivedTx): TxContext {
    const parked: ParkedTx = { ...received, txHash: txHash(received.tx), provenRoots: [] };
    return { ...txContextOf(parked), locallyEncryptedTx: this.#proposed.park(parked) };
  }

  /** @throws EnclaveRefusal */
  async txIsWellFormed({ blockIndex, ...tx }: WellFormedRequest): Promise<WellFormedTx> {
    const [outcome] = await this.txsAreWellFormed({ blockIndex, txs: [tx] });
    if (outcome?.kind !== "wellFormed") throw new EnclaveRefusal(outcome?.refusal ?? refusalOf(undefined));
    return outcome;
  }

  /** Well-formedness of transactions that were proposed (04 section 2.14.3), each by itself. */
  async txsAreWellFormed({ blockIndex, txs }: WellFormedBatch): Promise<WellFormedOutcome[]> {
    const { config } = this.#required;
    const candidates = txs.map((tx) => refusedOr(() => this.#candidate(tx, blockIndex, config)));
    const checks = candidates.filter((candidate) => "check" in candidate);
    const refusals = await this.#validate(checks.map(({ check }) => check));
    const refusalOfCandidate = new Map(checks.map((candidate, i) => [candidate, refusals[i]]));
    for (const { locallyEncryptedTx } of txs) this.#proposed.release(locallyEncryptedTx);
    return candidates.map((candidate): WellFormedOutcome => {
      if (!("check" in candidate)) return { kind: "refused", refusal: candidate };
      const refusal = refusalOfCandidate.get(candidate);
      if (refusal !== undefined) return { kind: "refused", refusal };
      const { parked, check } = candidate;
      const wellFormed: ParkedTx = { ...parked, provenRoots: memberRoots(check.context.rootProofs) };
      return {
        kind: "wellFormed",
        wellFormedEncryptedTx: this.#wellFormed.park(wellFormed),
        context: wellFormedTxContextOf(wellFormed, config.fees),
      };
    });
  }

  /** Steps 1 and 2 of 04 section 2.14.3. */
  #candidate(
    { locallyEncryptedTx, proofs }: TxToCheck,
    blockIndex: bigint,
    config: TrustedConfig,
  ): Candidate {
    commonRoot(proofs);
    const parked = this.#proposed.open(locallyEncryptedTx);
    const { tx, bytes } = parked;
    const minimumFee = requireConfiguredTokens(tx, config);
    const { blockVersion } = config.rules;
    return {
      parked,
      check: { tx, bytes, context: { blockIndex, blockVersion, rootProofs: proofs, minimumFee } },
    };
  }

  /** Forms and signs a block (04 section 2.14.4). @throws ConsensusError as `formBlock`, and `CacheCipher` */
  formBlock({ parent, transactions, mintConfigTxs, mintTxs, rootElement }: FormBlockRequest): FormedBlock {
    const { config, blockSigningSeed } = this.#required;
    const proven = transactions.map(({ wellFormedEncryptedTx, proofs }) => {
      const { tx, provenRoots } = this.#wellFormed.open(wellFormedEncryptedTx);
      return { tx, provenRoots, rootProofs: proofs };
    });
    const inputs = { transactions: proven, mintConfigTxs, mintTxs };
    const { block, contents } = formBlock(parent, inputs, rootElement, config.rules);
    for (const { wellFormedEncryptedTx } of transactions) this.#wellFormed.release(wellFormedEncryptedTx);
    return { block, contents, signature: signBlock(block, blockSigningSeed, 0n) };
  }
}

interface Candidate {
  readonly parked: ParkedTx;
  readonly check: Check;
}

function refusedOr(attempt: () => Candidate): Candidate | Refusal {
  try {
    return attempt();
  } catch (error) {
    return refusalOf(error);
  }
}

function requireFeeMap({ feeMapDigest }: Tx, config: TrustedConfig): void {
  if (feeMapDigest.length === 0 || equalBytes(feeMapDigest, config.feeMapDigest)) return;
  throw new ConsensusError(
    "FeeMapDigestMismatch",
    "the transaction was made for other minimum fees than this network's; ask for them anew",
  );
}

/** The minimum fee of a transaction's fee token. */
function requireConfiguredTokens({ prefix, signature }: Tx, { fees }: TrustedConfig): bigint {
  const minimumFee = fees.get(prefix.feeTokenId);
  if (minimumFee === undefined || signature.outputTokenIds.some((tokenId) => !fees.has(tokenId))) {
    throw new ConsensusError(
      "TokenNotYetConfigured",
      "a token of the transaction has no minimum fee on this network",
    );
  }
  return minimumFee;
}
