import type { Phase } from "@mobilecoin-ts/scp";
import type { Counter, Gauge, Histogram, MetricsRegistry } from "@mobilecoin-ts/service";

export type NodeGauge =
  | "consensus_msgs_from_network_queue_size"
  | "byzantine_ledger_msg_queue_size"
  | "cur_num_pending_values"
  | "tx_cache_num_entries"
  | "cur_slot_num"
  | "cur_slot_phase"
  | "cur_slot_num_voted_nominated"
  | "cur_slot_num_accepted_nominated"
  | "cur_slot_num_confirmed_nominated"
  | "cur_slot_nomination_round"
  | "cur_slot_ballot_counter"
  | "prev_slot_number"
  | "prev_slot_ended_at"
  | "prev_slot_num_ext_vals"
  | "prev_num_pending_values"
  | "prev_slot_num_voted_nominated"
  | "prev_slot_num_accepted_nominated"
  | "prev_slot_num_confirmed_nominated"
  | "prev_slot_nomination_round"
  | "enclave_attestation_evidence_timestamp";

export type NodeCounter =
  | "tx_externalized_count"
  | "scp_messages_dropped_due_to_invalid_prev_block_id"
  | "catchup_initiated"
  | "attestation_initiated"
  | "add_tx_initiated"
  | "add_tx"
  | "propose_mint_config_tx_initiated"
  | "propose_mint_config_tx"
  | "propose_mint_tx_initiated"
  | "propose_mint_tx";

export type NodeDuration = "well_formed_check_time" | "validate_tx_time";

export interface SlotFigures {
  readonly slotIndex: bigint;
  readonly phase: Phase;
  readonly votedNominated: number;
  readonly acceptedNominated: number;
  readonly confirmedNominated: number;
  readonly nominationRound: number;
  readonly ballotCounter: number;
}

const PHASE_CODES: Readonly<Record<Phase, number>> = {
  nominatePrepare: 2,
  prepare: 3,
  commit: 4,
  externalize: 5,
};

const PENDING_TIME_BUCKETS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 45, 60];

/** A node's metrics, under the names that dashboards of the reference know (08 section 2.5). */
export class NodeMetrics {
  readonly #gauges: Gauge<"op">;
  readonly #counters: Counter<"op">;
  readonly #durations: Histogram<"op">;
  readonly #pendingTime: Histogram;
  readonly #refusals: Counter<"err">;
  #slot: SlotFigures | undefined;

  constructor(registry: MetricsRegistry) {
    this.#gauges = registry.gauge({
      name: "consensus_scp_gauge",
      help: "State of consensus",
      labels: ["op"],
    });
    this.#counters = registry.counter({ name: "consensus_scp", help: "Events of consensus", labels: ["op"] });
    this.#durations = registry.histogram({
      name: "consensus_scp_duration",
      help: "Time spent, seconds",
      labels: ["op"],
    });
    this.#pendingTime = registry.histogram({
      name: "pending_value_processing_time",
      help: "Time from a value's submission at this node to its block, seconds",
      buckets: PENDING_TIME_BUCKETS,
    });
    this.#refusals = registry.counter({
      name: "consensus_service_tx_validation_errors",
      help: "Transactions refused, by result",
      labels: ["err"],
    });
  }

  gauge(op: NodeGauge, value: number): void {
    this.#gauges.set({ op }, value);
  }

  count(op: NodeCounter, by = 1): void {
    this.#counters.inc({ op }, by);
  }

  /** @param seconds what `op` took */
  duration(op: NodeDuration, seconds: number): void {
    this.#durations.observe({ op }, seconds);
  }

  observePendingTime(seconds: number): void {
    this.#pendingTime.observe(seconds);
  }

  countRefusal(result: string): void {
    this.#refusals.inc({ err: result });
  }

  /** Publishes the figures of the slot under way; when it is a new one, the last of the former as those of the previous slot. */
  publishSlot(slot: SlotFigures): void {
    const before = this.#slot;
    if (before !== undefined && before.slotIndex !== slot.slotIndex) {
      this.gauge("prev_slot_num_voted_nominated", before.votedNominated);
      this.gauge("prev_slot_num_accepted_nominated", before.acceptedNominated);
      this.gauge("prev_slot_num_confirmed_nominated", before.confirmedNominated);
      this.gauge("prev_slot_nomination_round", before.nominationRound);
    }
    this.#slot = slot;
    this.gauge("cur_slot_num", Number(slot.slotIndex));
    this.gauge("cur_slot_phase", PHASE_CODES[slot.phase]);
    this.gauge("cur_slot_num_voted_nominated", slot.votedNominated);
    this.gauge("cur_slot_num_accepted_nominated", slot.acceptedNominated);
    this.gauge("cur_slot_num_confirmed_nominated", slot.confirmedNominated);
    this.gauge("cur_slot_nomination_round", slot.nominationRound);
    this.gauge("cur_slot_ballot_counter", slot.ballotCounter);
  }
}
