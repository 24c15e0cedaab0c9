import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { blockVersion, mintTxCodec } from "@mobilecoin-ts/transaction";
import { describe, expect, test } from "vitest";
import { feeOutputs, mintOutputs } from "./enclave-outputs.ts";
import { TestLedger } from "./testing/test-ledger.ts";

/** A mint of the main network. */
const MINT_TX = mintTxCodec.decode(
  hexToBytes(
    [
      "0a9601080110c095a5e1101a220a20aa2e8a9f5d6d3bb57740d7b935ccc63a653dadfeddafef4f691ceaefa4c75f4f22",
      "220a203064d8d18b143546011fd94576e642c541b6083c13d3882d2105a418cb56f1502a40010ed6faf33a188dce073e",
      "812b1ebc717201469848b96e43e7b47ee4dc19ef806b0000000000000000000000000000000000000000000000000000",
      "000000000030b08f361290020a420a400067c7662151aea7d271df07d1d5543bbd9db9e38f1fce9d430cd977cdee2aeb",
      "815b4d4d9ffe5195047816822ca8ff6bb36ee23736f07c5eae3f78fd9709190c0a420a408ff2a6dd0695d7158a3ce587",
      "9380f050a2e4fdb969ef26d5577de529386ce8a1e7baffb448debc53168e1a92586a3e496c6c0bca4619ff11dcd5e56f",
      "9a1fdf0e0a420a409c59c83adb3822b22a4bbaf5d168f2de74515453f131801e06e272c461f55dd1d1cde67d565e6268",
      "7cf70b8cf050ce42fcf1ecaa03da712aa76ae55791a043040a420a40cb3463bca93d9e83ded87104c4d322d3806218b6",
      "4bd1f0e059b8c4888fc72f302f2813b8e4a91d92484248986e99b23b2b8c2c8ff794aad788e72b8548c9bd03",
    ].join(""),
  ),
);

const parentBlockId = new Uint8Array(32).fill(7);

describe("outputs that blocks add", () => {
  test("of a mint have the key that 04 section 5 gives", () => {
    const [output, ...others] = mintOutputs({
      blockVersion: blockVersion(4),
      parentBlockId,
      transactions: [MINT_TX],
    });
    expect(bytesToHex(output!.publicKey)).toBe(
      "568393b625665475b5e4a6ad436bc1f4ffd2be0ba42e053625db29da313af878",
    );
    expect(others).toEqual([]);
  });

  test("differ with counter, amount, parent and transactions, all of which their keys are made of", () => {
    const ledger = new TestLedger(2);
    const [a, b] = [ledger.payment(0).tx, ledger.payment(1).tx];
    const amount = (value: bigint, tokenId = 0n, counter = 0n) => ({ amount: { value, tokenId }, counter });
    const keys = (changed: Partial<Parameters<typeof feeOutputs>[0]>) =>
      feeOutputs({
        blockVersion: blockVersion(4),
        parentBlockId,
        transactions: [a, b],
        recipient: ledger.account.defaultSubaddress,
        amounts: [amount(5n)],
        ...changed,
      }).map(({ publicKey }) => bytesToHex(publicKey));
    const [usual] = keys({});
    expect(keys({ amounts: [amount(4n), amount(5n)] })[1]).toBe(usual);
    const all = [
      ...keys({ amounts: [amount(5n), amount(6n), amount(5n, 1n), amount(5n, 0n, 1n)] }),
      ...keys({ transactions: [b, a] }),
      ...keys({ transactions: [a] }),
      ...keys({ parentBlockId: new Uint8Array(32) }),
    ];
    expect(new Set(all).size).toBe(7);
    expect(all[0]).toBe(usual);
    expect(keys({ amounts: [] })).toEqual([]);
    expect(mintOutputs({ blockVersion: blockVersion(4), parentBlockId, transactions: [] })).toEqual([]);
  });
});
