import { TransactionError } from "@mobilecoin-ts/transaction";
import { expect, test } from "vitest";
import { ConsensusError } from "./error.ts";
import { PROPOSE_TX_RESULTS, proposeTxResultOf } from "./propose-tx-result.ts";

const inputRule = (cause: TransactionError) => new TransactionError("validation", "InputRule", "", { cause });

test.each<[string, unknown, string | undefined]>([
  ["a rule of the table", new TransactionError("validation", "TxFeeError", ""), "TxFeeError"],
  [
    "a required output",
    inputRule(new TransactionError("inputRule", "MissingRequiredOutput", "")),
    "InputRuleMissingRequiredOutput",
  ],
  [
    "a partial fill",
    inputRule(new TransactionError("inputRule", "ZeroPartialFillChange", "")),
    "InputRulePartialFill",
  ],
  [
    "a revealed amount",
    inputRule(
      new TransactionError("inputRule", "RevealedTxOut", "", {
        cause: new TransactionError("revealedTxOut", "InvalidAmountSharedSecret", ""),
      }),
    ),
    "InputRuleInvalidAmountSharedSecret",
  ],
  ["an unconfigured token", new ConsensusError("TokenNotYetConfigured", ""), "TokenNotYetConfigured"],
  ["a failure of the node", new ConsensusError("FormBlock", ""), undefined],
  ["a rejection of another area", new TransactionError("mint", "InvalidNonceLength", ""), undefined],
  ["another error", new Error(), undefined],
])("answers %s", (_, error, result) => {
  expect(proposeTxResultOf(error)).toBe(result);
});

test("numbers every result once", () => {
  const numbers = Object.values(PROPOSE_TX_RESULTS);
  expect(new Set(numbers).size).toBe(numbers.length);
});
