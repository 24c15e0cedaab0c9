import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccountKey } from "@mobilecoin-ts/account";
import { PROPOSE_TX_RESULTS } from "@mobilecoin-ts/consensus";
import { encodeArchiveBlock, sampleLedger } from "@mobilecoin-ts/ledger";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CliError } from "../cli-error.ts";
import { runDemo } from "./run-demo.ts";
import { defaultVectorsFolder } from "./vector-blocks.ts";

const vectors = defaultVectorsFolder();
const blocksFile = join(vectors, "blocks", "blocks.jsonl");

let folder: string;
let lines: string[];
const print = (line: string): void => void lines.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  lines = [];
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function archiveFiles(): string[] {
  const recipients = [AccountKey.random().defaultSubaddress];
  return [...sampleLedger({ recipients, outputsPerRecipient: 4, blockCount: 4 })].map((data) => {
    const path = join(folder, `${data.block.index}.pb`);
    writeFileSync(path, encodeArchiveBlock(data));
    return path;
  });
}

function tellsTheStory(): void {
  const text = lines.join("\n");
  const codes = [...text.matchAll(/refused: (\w+) \((\d+)\)/g)].map(([, name, code]) => [name, Number(code)]);
  expect(codes).toEqual(
    (
      [
        "ContainsSpentKeyImage",
        "InvalidTransactionSignature",
        "InvalidTransactionSignature",
        "InvalidTxOutMembershipProof",
        "InvalidTxOutMembershipProof",
      ] as const
    ).map((name) => [name, PROPOSE_TX_RESULTS[name]]),
  );
  expect(text).toContain("the builder refuses to sign: ValueNotConserved");
  expect(text).toMatch(/built and signed: 1 input in a ring of 11, 2 outputs, \d+ bytes/);
  expect(text).toMatch(/spends one of these 11 outputs, by global index: (\d+, ){10}\d+/);
  expect(text).toMatch(/received 1 250\.25 MOB in output \d+/);
  expect(text).toMatch(/change 3 904 999\.7496 MOB in output \d+, with a destination memo/);
  expect(text).toContain("4 blocks verified from the origin");
  expect(text).toContain("Together 250 000 000 MOB, of which 0.0012 MOB are fees");
  expect(lines.at(-1)).toMatch(/^All as it must be, in \d+ ms\.$/);
}

describe("demo", () => {
  test.skipIf(!existsSync(blocksFile))("tells the whole story, beginning with real blocks", async () => {
    await runDemo({ archives: [], print });
    expect(lines.join("\n")).toMatch(
      /17 signatures in .* ms; with one bit of each id changed, 0 of them hold/,
    );
    tellsTheStory();
  });

  test("says plainly that there is no real block where none is at hand, and leaves nothing behind", async () => {
    // A temporary folder of its own: other runs of the demo may be under way on this machine.
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    await runDemo({ archives: [], vectors: folder, print });
    expect(lines.join("\n")).toContain("No real block is at hand, so none was verified");
    tellsTheStory();
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("verifies archive files, and tells stretches of a chain apart", async () => {
    const [first, second, , last] = archiveFiles();
    await runDemo({ archives: [first!, second!, last!], vectors: folder, print });
    const text = lines.join("\n");
    expect(text).toContain("3 archive files, verified in");
    expect(text).toContain("blocks 0 to 1:");
    expect(text).toContain("block 3:");
    expect(text).toContain("The files hold 2 separate stretches of the chain");
  });

  test("fails on archive files that do not hold or are not there", async () => {
    const [first] = archiveFiles();
    const bytes = readFileSync(first!);
    writeFileSync(first!, bytes.subarray(0, bytes.length - 9));
    for (const archives of [[first!], [join(folder, "missing.pb")]]) {
      await expect(runDemo({ archives, vectors: folder, print })).rejects.toThrow(CliError);
    }
    expect(lines.join("\n")).not.toContain("A local network");
  });

  test.skipIf(!existsSync(blocksFile))("fails on a real block with any published part bent", async () => {
    const [row] = readFileSync(blocksFile, "utf8").split("\n");
    const block = JSON.parse(row!);
    const bend = (hex: string) => `${hex.startsWith("0") ? "1" : "0"}${hex.slice(1)}`;
    const [signature] = block.signatures;
    mkdirSync(join(folder, "blocks"));
    for (const [bent, message] of [
      [{ ...block, key_images: block.key_images.map(bend) }, "the contents it names"],
      [{ ...block, parent_id: bend(block.parent_id) }, "the id of its header"],
      [{ ...block, signatures: [] }, "has a signature"],
      [
        { ...block, signatures: [{ ...signature, signature: bend(signature.signature) }] },
        "signature of main",
      ],
    ] as const) {
      writeFileSync(join(folder, "blocks", "blocks.jsonl"), JSON.stringify(bent));
      const failure = await runDemo({ archives: [], vectors: folder, print }).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(CliError);
      expect(failure).toMatchObject({ message: expect.stringContaining(message), exitCode: 1 });
    }
    writeFileSync(join(folder, "blocks", "blocks.jsonl"), "{");
    await expect(runDemo({ archives: [], vectors: folder, print })).rejects.toThrow("cannot be read");
  });
});
