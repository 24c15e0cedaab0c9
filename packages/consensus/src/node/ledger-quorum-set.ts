import type {
  QuorumSet as LedgerQuorumSet,
  QuorumSetMember as LedgerQuorumSetMember,
} from "@mobilecoin-ts/ledger";
import type { QuorumSet, QuorumSetMember } from "@mobilecoin-ts/scp";

/** A quorum set as block metadata records it. */
export function ledgerQuorumSet({ threshold, members }: QuorumSet): LedgerQuorumSet {
  return { threshold, members: members.map(ledgerMember) };
}

function ledgerMember(member: QuorumSetMember): LedgerQuorumSetMember | undefined {
  if (member.kind === "absent") return undefined;
  if (member.kind === "node") return member;
  return { kind: "innerSet", innerSet: ledgerQuorumSet(member.set) };
}
