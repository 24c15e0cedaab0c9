import { checkEd25519PublicKey } from "@mobilecoin-ts/crypto";
import {
  membershipElementFromApi,
  mintTxFromApi,
  TransactionError,
  txOutFromApi,
  validatedMintConfigTxFromApi,
} from "@mobilecoin-ts/transaction";
import type * as Api from "@mobilecoin-ts/wire/gen/blockchain_pb";
import type * as External from "@mobilecoin-ts/wire/gen/external_pb";
import type * as QuorumApi from "@mobilecoin-ts/wire/gen/quorum_set_pb";
import type { AttestationEvidence, Collateral, EnclaveReportDataContents } from "./attestation-evidence.ts";
import { BLOCK_ID_LENGTH, type Block } from "./block.ts";
import type { BlockContents } from "./block-contents.ts";
import {
  type BlockMetadata,
  isBlockMetadataSignatureValid,
  requireBlockMetadataContents,
  requireResponderId,
} from "./block-metadata.ts";
import type { BlockSignature } from "./block-signature.ts";
import { LedgerError, type LedgerErrorCodes } from "./error.ts";
import type { QuorumSet, QuorumSetMember } from "./quorum-set.ts";

/**
 * API messages and archive files become records under stricter rules than the store form (03 sections 2.6, 2.7.6 and
 * 2.8.3): nothing but numbers, lists, the contents and the quorum set may be absent, and keys must be points.
 */

const ED25519_SIGNATURE_LENGTH = 64;

function refuse(
  code: LedgerErrorCodes["conversion"],
  field: string,
  reason: string,
  cause?: unknown,
): LedgerError<"conversion"> {
  return new LedgerError("conversion", code, `${field} ${reason}`, { data: { field }, cause });
}

function bytesAt(
  message: { readonly data: Uint8Array } | undefined,
  length: number,
  field: string,
): Uint8Array {
  const found = message?.data.length ?? 0;
  if (message === undefined || found !== length) {
    throw refuse("ArrayCastError", field, `has ${found} bytes, needs ${length}`);
  }
  return message.data;
}

function ed25519Key(message: External.Ed25519Public | undefined, field: string): Uint8Array {
  const bytes = message?.data ?? new Uint8Array(0);
  try {
    checkEd25519PublicKey(bytes);
  } catch (cause) {
    throw refuse("KeyCastError", field, "is no Ed25519 key", cause);
  }
  return bytes;
}

/** Refusals of the parts that transactions share, in this package's terms. */
function converted<T>(convert: () => T): T {
  try {
    return convert();
  } catch (cause) {
    if (!(cause instanceof TransactionError) || cause.area !== "conversion") throw cause;
    const { code, message, data } = cause as TransactionError<"conversion">;
    throw new LedgerError("conversion", code, message, { cause, data: { field: String(data.field) } });
  }
}

/**
 * A block's header. An absent message counts as an empty one.
 *
 * @throws LedgerError area `conversion`: `ArrayCastError`, `Other` (a range that ends before it starts); `data.field` is
 * the path of the field.
 */
export function blockFromApi(message: Api.Block | undefined, field = "block"): Block {
  const id = bytesAt(message?.id, BLOCK_ID_LENGTH, `${field}.id`);
  const parentId = bytesAt(message?.parentId, BLOCK_ID_LENGTH, `${field}.parent_id`);
  const rootElement = message?.rootElement;
  if (rootElement === undefined) throw refuse("ArrayCastError", `${field}.root_element`, "is missing");
  return {
    id,
    version: message?.version ?? 0,
    parentId,
    index: message?.index ?? 0n,
    cumulativeTxOutCount: message?.cumulativeTxoCount ?? 0n,
    rootElement: converted(() => membershipElementFromApi(rootElement, `${field}.root_element`)),
    contentsHash: bytesAt(message?.contentsHash, BLOCK_ID_LENGTH, `${field}.contents_hash`),
  };
}

/**
 * A block's contents. An absent message counts as empty contents.
 *
 * @throws LedgerError area `conversion`: `ArrayCastError`, `KeyCastError`, `ObjectMissing` (an output without amount),
 * `Other` (signer sets nested too deeply).
 */
export function blockContentsFromApi(
  message: Api.BlockContents | undefined,
  field = "block_contents",
): BlockContents {
  const { keyImages = [], outputs = [], validatedMintConfigTxs = [], mintTxs = [] } = message ?? {};
  return converted(() => ({
    keyImages: keyImages.map((keyImage, i) => bytesAt(keyImage, 32, `${field}.key_images[${i}]`)),
    outputs: outputs.map((output, i) => txOutFromApi(output, `${field}.outputs[${i}]`)),
    validatedMintConfigTxs: validatedMintConfigTxs.map(validatedMintConfigTxFromApi),
    mintTxs: mintTxs.map(mintTxFromApi),
  }));
}

/** A block's signature, not verified. @throws LedgerError area `conversion`: `ArrayCastError`, `KeyCastError`. */
export function blockSignatureFromApi(message: Api.BlockSignature, field = "signature"): BlockSignature {
  return {
    signature: bytesAt(message.signature, ED25519_SIGNATURE_LENGTH, `${field}.signature`),
    signer: ed25519Key(message.signer, `${field}.signer`),
    signedAt: message.signedAt,
  };
}

/** A quorum set, its thresholds not checked. @throws LedgerError area `conversion`: `InvalidContents`, `KeyCastError`. */
export function quorumSetFromApi(message: QuorumApi.QuorumSet | undefined, field = "quorum_set"): QuorumSet {
  return {
    threshold: message?.threshold ?? 0,
    members: (message?.members ?? []).map(({ member }, i) => memberFromApi(member, `${field}.members[${i}]`)),
  };
}

function memberFromApi(
  member: QuorumApi.QuorumSetMember["member"],
  field: string,
): QuorumSetMember | undefined {
  switch (member.case) {
    case undefined:
      return undefined;
    case "innerSet":
      return { kind: "innerSet", innerSet: quorumSetFromApi(member.value, `${field}.inner_set`) };
    case "node": {
      const { responderId, publicKey } = member.value;
      requireResponderId(responderId);
      return { kind: "node", node: { responderId, publicKey: ed25519Key(publicKey, `${field}.node`) } };
    }
  }
}

function plainCollateral(message: External.Collateral): Collateral {
  const { $typeName, $unknown, ...collateral } = message;
  return collateral;
}

function plainReportData(message: External.EnclaveReportDataContents): EnclaveReportDataContents {
  const { $typeName, $unknown, ...reportData } = message;
  return reportData;
}

function evidenceFromApi(
  evidence: Api.BlockMetadataContents["attestationEvidence"],
): AttestationEvidence | undefined {
  switch (evidence.case) {
    case undefined:
      return undefined;
    case "verificationReport": {
      const { sig, chain, httpBody } = evidence.value;
      const signature = sig?.contents ?? new Uint8Array(0);
      return { case: "verificationReport", value: { signature, chain, httpBody } };
    }
    case "dcapEvidence": {
      const { quote, collateral, reportData } = evidence.value;
      return {
        case: "dcapEvidence",
        value: {
          quote: quote?.data,
          collateral: collateral && plainCollateral(collateral),
          reportData: reportData && plainReportData(reportData),
        },
      };
    }
  }
}

/**
 * A block's metadata, its signature verified; the evidence is not examined, nor whose block it is about.
 *
 * @throws LedgerError area `conversion`, in the reference's order: block id (`ArrayCastError`), quorum set
 * (`InvalidContents`, `KeyCastError`, `ArrayCastError`), evidence (`MissingField`), responder id (`InvalidContents`), node
 * key (`KeyCastError`), length of the signature (`ArrayCastError`), the signature (`InvalidSignature`).
 */
export function blockMetadataFromApi(message: Api.BlockMetadata, field = "metadata"): BlockMetadata {
  const { contents: found } = message;
  const contents = {
    blockId: bytesAt(found?.blockId, BLOCK_ID_LENGTH, `${field}.contents.block_id`),
    quorumSet: quorumSetFromApi(found?.quorumSet, `${field}.contents.quorum_set`),
    attestationEvidence: found && evidenceFromApi(found.attestationEvidence),
    responderId: found?.responderId ?? "",
  };
  requireBlockMetadataContents(contents);
  const metadata = {
    contents,
    nodeKey: ed25519Key(message.nodeKey, `${field}.node_key`),
    signature: bytesAt(message.signature, ED25519_SIGNATURE_LENGTH, `${field}.signature`),
  };
  if (!isBlockMetadataSignatureValid(metadata)) throw refuse("InvalidSignature", field, "is wrongly signed");
  return metadata;
}
