import { Writable } from "node:stream";
import { ConsensusError, type LastBlockInfo } from "@mobilecoin-ts/consensus";
import { ServiceUri } from "@mobilecoin-ts/wire";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenNode } from "../consensus-node.ts";
import { addConsensusToolCommands } from "./consensus-tool.ts";

const [A, B] = ["insecure-mc://localhost:3200/", "insecure-mc://localhost:3201/"] as const;

/** What each node answers, call by call; the last answer stays. */
let answers: Map<string, (bigint | ConsensusError)[]>;
let calls: number;
let out: string;
let err: string;
const before = process.env.MC_PEER;

const open: OpenNode = (text) => {
  const uri = new ServiceUri("consensusClient", text);
  return {
    uri,
    client: {
      async lastBlockInfo(): Promise<LastBlockInfo> {
        calls += 1;
        const list = answers.get(uri.href) ?? [];
        const answer = list.length > 1 ? list.shift() : list[0];
        if (answer === undefined) throw new Error(`nobody answers for ${uri.href}`);
        if (typeof answer !== "bigint") throw answer;
        return {
          index: answer,
          minimumFees: new Map([
            [0n, 400_000_000n],
            [1n, 1024n],
          ]),
          networkBlockVersion: 4,
        };
      },
      propose: () => Promise.reject(new Error("the tool only reads")),
    },
    [Symbol.asyncDispose]: async () => {},
  };
};

async function run(...words: string[]): Promise<void> {
  const sink = (add: (text: string) => void) =>
    new Writable({
      write(chunk, _, done) {
        add(`${chunk}`);
        done();
      },
    });
  const terminal = {
    out: sink((text) => {
      out += text;
    }),
    err: sink((text) => {
      err += text;
    }),
  };
  const program = new Command("mobilecoin").exitOverride().configureOutput({ writeErr: () => {} });
  addConsensusToolCommands(program, { terminal }, open);
  await program.parseAsync(["consensus-tool", ...words], { from: "user" });
}

beforeEach(() => {
  answers = new Map();
  calls = 0;
  out = "";
  err = "";
  delete process.env.MC_PEER;
});

afterEach(() => {
  if (before === undefined) delete process.env.MC_PEER;
  else process.env.MC_PEER = before;
});

describe("mobilecoin consensus-tool", () => {
  it("status prints where each node is", async () => {
    answers = new Map([
      [A, [10n]],
      [B, [11n]],
    ]);
    await run("status", `${A},${B}`);
    const fees =
      '  "minimum_fees": {\n    "0": 400000000,\n    "1": 1024\n  },\n  "network_block_version": 4\n}';
    expect(out).toBe(`${A}: {\n  "block_index": 10,\n${fees}\n${B}: {\n  "block_index": 11,\n${fees}\n`);
  });

  it("takes the nodes from MC_PEER, and needs one", async () => {
    await expect(run("status")).rejects.toThrow("no consensus node is named");
    answers = new Map([[A, [10n]]]);
    process.env.MC_PEER = ` ${A} ,`;
    await run("status");
    expect(out).toContain(A);
  });

  it("wait-for-block waits for the slowest, and for nodes that do not answer yet", async () => {
    const starting = new ConsensusError("NodeUnavailable", "the node does not answer now");
    answers = new Map([
      [A, [12n]],
      [B, [starting, 9n, 10n]],
    ]);
    await run("wait-for-block", A, B, "--index", "10", "--period", "0");
    expect(calls).toBe(6);
    expect(err).toBe(`${B}: the node does not answer now\n`);
  });

  it("does not wait for a node that refuses", async () => {
    answers = new Map([[A, [new ConsensusError("NodeRefused", "no")]]]);
    await expect(run("wait-for-block", A, "--index", "1", "--period", "0")).rejects.toMatchObject({
      code: "NodeRefused",
    });
    await expect(run("status", A)).rejects.toMatchObject({
      message: `${A} does not tell its status`,
      cause: { code: "NodeRefused" },
    });
  });

  it("wait-for-quiet prints the last block once nothing changes", async () => {
    answers = new Map([
      [A, [1n, 2n, 3n]],
      [B, [1n, 2n, 2n, 3n]],
    ]);
    await run("wait-for-quiet", A, B, "--period", "0");
    expect(out).toBe("3\n");
    // Polls: (1, 1), (2, 2), (3, 2), (3, 3), (3, 3).
    expect(calls).toBe(10);
  });

  it("wait-for-quiet goes on until a block after the one named", async () => {
    answers = new Map([[A, [5n, 5n, 5n, 6n]]]);
    await run("wait-for-quiet", A, "--period", "0", "--beyond-block", "5");
    expect(out).toBe("6\n");
    expect(calls).toBe(5);
  });

  it("refuses indices and periods that are none", async () => {
    for (const words of [
      ["--index", "x"],
      ["--index", "1", "--period", "-1"],
      ["--index", "1", "--period", "soon"],
    ]) {
      await expect(run("wait-for-block", A, ...words)).rejects.toMatchObject({
        code: "commander.invalidArgument",
      });
    }
    await expect(run("wait-for-block", A)).rejects.toMatchObject({
      code: "commander.missingMandatoryOptionValue",
    });
  });
});
