import { type Codec, type Field, f, message, WireError } from "@mobilecoin-ts/wire";
import { PROPOSE_TX_RESULTS, type ProposeTxResult } from "../propose-tx-result.ts";

/** Why the enclave did not do what it was asked to (04 section 2.14.5). */
export interface Refusal {
  /** One of `ENCLAVE_FAILURES`; anything else is a fault of the enclave. */
  readonly code: string;
  readonly message: string;
  /** What to tell a transaction's sender; undefined where the failure is not about the transaction. */
  readonly result: ProposeTxResult | undefined;
}

/** Whether a name is one of the results that a proposal is answered with. */
export function isProposeTxResult(name: string): name is ProposeTxResult {
  return Object.hasOwn(PROPOSE_TX_RESULTS, name);
}

const resultNumber = f.uint32(3, { optional: true });

const resultField: Field<ProposeTxResult | undefined> = {
  ...resultNumber,
  write: (writer, result, order) =>
    resultNumber.write(writer, result === undefined ? undefined : PROPOSE_TX_RESULTS[result], order),
  read: (reader, tag, wireType, _current, state) => {
    const number = resultNumber.read(reader, tag, wireType, undefined, state);
    const name = Object.entries(PROPOSE_TX_RESULTS).find(([, value]) => value === number)?.[0];
    if (name === undefined || !isProposeTxResult(name))
      throw new WireError("Content", `is no result: ${number}`);
    return name;
  },
  initial: () => undefined,
};

export const refusalCodec: Codec<Refusal> = message<Refusal>("Refusal", {
  code: f.string(1),
  message: f.string(2),
  result: resultField,
});
