export { type Ballot, compareBallots, MAX_COUNTER } from "./ballot.ts";
export { ScpError, type ScpErrorCode } from "./error.ts";
export { neighborHash, nextLeader, priorityHash } from "./leader-election.ts";
export { type CounterRange, isValidMessage, type Message, mentionedValues } from "./message.ts";
export { type BallotRange, ballotsIn, type Narrow, rangeIn, valuesIn, when } from "./narrowing.ts";
export {
  type ExternalizedValues,
  type NodeEffects,
  ScpNode,
  type ScpNodeConfig,
  type ScpNodeState,
} from "./node.ts";
export { findBlockingSet, findQuorum, isSatisfied, type Messages } from "./quorum-search.ts";
export {
  isValidQuorumSet,
  nodeKey,
  nodesOf,
  type QuorumSet,
  type QuorumSetMember,
  quorumSetsEqual,
  type Weight,
  weightOf,
} from "./quorum-set.ts";
export {
  BASE_INTERVAL_MS,
  initialSlotState,
  type Phase,
  Slot,
  type SlotConfig,
  type SlotEffects,
  type SlotState,
  type TimerChange,
  type TimerName,
  type ValueRules,
} from "./slot.ts";
export {
  type Commit,
  type CommitPayload,
  compareTopics,
  type Externalize,
  type ExternalizePayload,
  isValidTopic,
  type Nominate,
  type NominatePayload,
  type NominatePrepare,
  type Prepare,
  type PreparePayload,
  type Topic,
  topicsEqual,
} from "./topic.ts";
export type { Found } from "./trust-graph.ts";
export { type Compare, compareSequences, type ValueSet, valueSet } from "./value-set.ts";
