import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlockData, signBlockMetadata } from "@mobilecoin-ts/ledger";
import { LedgerStore } from "@mobilecoin-ts/ledger/store";
import { blockVersion } from "@mobilecoin-ts/transaction";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NetworkStateTracker } from "../network/network-state.ts";
import type { BlockSource } from "../sources/block-source.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { fakeArchive, fakePeer, never, nodeNamed, quorumOf } from "../testing/fake-sources.ts";
import { childOf, sampleChain } from "../testing/sample-chain.ts";
import { MAX_BLOCKS_AHEAD, MAX_CONTENTS_WORKERS } from "./download-contents.ts";
import { catchUp, followLedger } from "./follow-ledger.ts";
import { LedgerSync, type LedgerSyncOptions } from "./ledger-sync.ts";

const chain = sampleChain(12);
const emptyContents = { keyImages: [], outputs: [], validatedMintConfigTxs: [], mintTxs: [] };
let folder: string;
let store: LedgerStore;
let clock: FakeClock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-sync-"));
  store = LedgerStore.open(folder, { create: true });
  store.appendBlock(chain[0]!);
  clock = new FakeClock();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const network = () =>
  new NetworkStateTracker({ localNode: nodeNamed("l:1"), quorumSet: quorumOf(2, "a:1", "b:1", "c:1") });
const honestPeers = () => ["a:1", "b:1", "c:1"].map((name) => fakePeer(name, chain));

function syncWith(options: Partial<LedgerSyncOptions> = {}): LedgerSync {
  return new LedgerSync({
    store,
    network: network(),
    peers: honestPeers(),
    archives: [fakeArchive("honest", chain)],
    clock,
    random: () => 0.5,
    ...options,
  });
}

describe("catching up", () => {
  test("appends what a quorum agrees on, without signatures", async () => {
    expect(await syncWith().attempt(100)).toEqual({ appended: 11, targetBlockIndex: 11n });
    expect(store.latestBlock()).toEqual(chain[11]!.block);
    expect(store.blockContents(5n)).toEqual(chain[5]!.contents);
    expect(store.blockSignature(5n)).toBeUndefined();
    expect(store.blockMetadata(5n)).toEqual(chain[5]!.metadata);
  });

  test("keeps to the limit", async () => {
    expect((await syncWith().attempt(4)).appended).toBe(4);
    expect(store.blockCount()).toBe(5n);
  });

  test("stores a node's own metadata", async () => {
    const seed = new Uint8Array(32).fill(3);
    const metadataFor = (block: BlockData["block"]) =>
      signBlockMetadata({ ...chain[1]!.metadata!.contents, blockId: block.id }, seed);
    await syncWith({ metadataFor }).attempt(100);
    expect(store.blockMetadata(4n)).toEqual(metadataFor(chain[4]!.block));
  });

  test("needs the origin block", async () => {
    await using empty = LedgerStore.open(join(folder, "empty"), { create: true });
    const sync = syncWith({ store: empty });
    expect(sync.isBehind()).toBe(true);
    await expect(sync.attempt(1)).rejects.toMatchObject({ area: "sync", code: "EmptyLedger" });
  });

  test("begins with the origin block that a quorum names, where that is wanted", async () => {
    const foreign = sampleChain(12, { seed: 9 });
    const options = {
      acceptOrigin: true,
      archives: [fakeArchive("liar", foreign), fakeArchive("honest", chain)],
    };
    const path = join(folder, "begun");
    await using begun = LedgerStore.open(path, { create: true });
    const peers = [fakePeer("a:1", chain), fakePeer("b:1", foreign), fakePeer("c:1", chain)];
    await syncWith({ store: begun, ...options, peers }).attempt();
    expect(begun.blockCount()).toBe(12n);
    expect(begun.block(0n)).toEqual(chain[0]!.block);
    await using undecided = LedgerStore.open(join(folder, "undecided"), { create: true });
    const attempt = syncWith({ store: undecided, ...options, peers: peers.slice(0, 2) }).attempt();
    await expect(attempt).rejects.toMatchObject({ code: "NoSafeBlocks" });
    expect(undecided.blockCount()).toBe(0n);
  });

  test("catches up once, or says that too few nodes answer", async () => {
    const options = {
      store,
      network: network(),
      peers: honestPeers(),
      archives: [fakeArchive("honest", chain)],
      clock,
      signal: new AbortController().signal,
    };
    const dead = {
      ...fakePeer("a:1", chain),
      lastBlockInfo: () => Promise.reject(new Error("no connection")),
    };
    await expect(catchUp({ ...options, peers: [dead] })).rejects.toMatchObject({ code: "NoSafeBlocks" });
    expect(await catchUp(options)).toBe(11);
    expect(await catchUp(options)).toBe(0);
  });

  test("stops for its signal", async () => {
    const controller = new AbortController();
    const attempt = syncWith({ peers: [{ name: "a:1", fetchBlocks: never }] }).attempt(1, controller.signal);
    controller.abort(new Error("stopped"));
    await expect(attempt).rejects.toThrow("stopped");
  });
});

describe("peers", () => {
  const fork = (() => {
    const other = sampleChain(20, { seed: 9 }).slice(1);
    let parent = chain[3]!;
    return [
      ...chain.slice(0, 4),
      ...other.map(({ contents }) => {
        parent = childOf(parent, contents);
        return parent;
      }),
    ];
  })();
  const answering = (name: string, blocks: readonly BlockData[]): BlockSource => ({
    name,
    fetchBlocks: async () => blocks.map(({ block }) => block),
  });

  test("that fork are outvoted, however long their chain", async () => {
    const peers = [fakePeer("a:1", chain), fakePeer("b:1", fork), fakePeer("c:1", chain)];
    await syncWith({ peers, archives: [fakeArchive("fork", fork), fakeArchive("honest", chain)] }).attempt(
      100,
    );
    expect(store.latestBlock()).toEqual(chain[11]!.block);
  });

  test("that disagree are followed as far as they agree", async () => {
    const peers = [fakePeer("a:1", chain), fakePeer("b:1", fork)];
    expect((await syncWith({ peers }).attempt(100)).appended).toBe(3);
  });

  test("too few of them are not believed", async () => {
    const attempt = syncWith({ peers: [fakePeer("a:1", chain), fakePeer("b:1", chain.slice(0, 1))] }).attempt(
      9,
    );
    await expect(attempt).rejects.toMatchObject({ area: "sync", code: "NoSafeBlocks" });
    const strangers = ["x:1", "y:1", "z:1"].map((name) => fakePeer(name, chain));
    await expect(syncWith({ peers: strangers }).attempt(9)).rejects.toMatchObject({ code: "NoSafeBlocks" });
  });

  const bent = chain.slice(1).map((data) => ({ ...data }));
  bent[4] = { ...bent[4]!, block: { ...bent[4]!.block, cumulativeTxOutCount: 99n } };
  const faults: [string, readonly BlockData[]][] = [
    ["that start elsewhere", chain.slice(2)],
    ["that skip a block", [...chain.slice(1, 4), ...chain.slice(5)]],
    ["with a wrong id", bent],
    ["of another chain", sampleChain(12, { seed: 9 }).slice(1)],
    ["beyond what was asked for", sampleChain(30).slice(1)],
  ];
  test.each(faults)("with blocks %s are dropped whole", async (_name, blocks) => {
    const liars = ["a:1", "b:1", "c:1"].map((name) => answering(name, blocks));
    await expect(syncWith({ peers: liars }).attempt(20)).rejects.toMatchObject({ code: "NoSafeBlocks" });
    expect(store.blockCount()).toBe(1n);
  });

  test("that are dead or fail cost a second, not half a minute", async () => {
    const dead: BlockSource = { name: "b:1", fetchBlocks: never };
    const peers = [fakePeer("a:1", chain), dead, fakePeer("c:1", chain)];
    let headersDoneAt: number | undefined;
    const archive = fakeArchive("honest", chain, async (data) => {
      headersDoneAt ??= clock.now();
      return data;
    });
    expect((await syncWith({ peers, archives: [archive] }).attempt(100)).appended).toBe(11);
    expect(headersDoneAt).toBe(1_000);
  });

  test("are asked again when they fail", async () => {
    let calls = 0;
    const flaky = (name: string): BlockSource => ({
      name,
      fetchBlocks: async (from, limit, signal) => {
        calls += 1;
        if (calls <= 6) throw new Error("no connection");
        return fakePeer(name, chain).fetchBlocks(from, limit, signal);
      },
    });
    expect((await syncWith({ peers: [flaky("a:1"), flaky("b:1")] }).attempt(100)).appended).toBe(11);
  });

  test("that never answer end the attempt after 30 seconds", async () => {
    const peers = ["a:1", "b:1"].map((name): BlockSource => ({ name, fetchBlocks: never }));
    await expect(syncWith({ peers }).attempt(100)).rejects.toMatchObject({ code: "NoSafeBlocks" });
    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
  });
});

describe("archives", () => {
  const liars = [
    fakeArchive("wrong contents", chain, async (data) => data && { ...data, contents: chain[1]!.contents }),
    fakeArchive("no contents", chain, async (data) => data && { ...data, contents: emptyContents }),
    fakeArchive("other block", chain, async () => chain[2]),
    fakeArchive(
      "other header",
      chain,
      async (data) => data && { ...data, block: { ...data.block, version: 1 } },
    ),
    fakeArchive("other metadata", chain, async (data) => data && { ...data, metadata: chain[0]!.metadata }),
    fakeArchive("dead", chain, async () => {
      throw new Error("no connection");
    }),
    fakeArchive("slow", chain, never),
    fakeArchive("empty", []),
  ];

  test.each(liars.map((source) => [source.name, source] as const))(
    "%s: harmless beside an honest one",
    async (_name, source) => {
      const result = await syncWith({ archives: [source, fakeArchive("honest", chain)] }).attempt(100);
      expect(result.appended).toBe(11);
      expect(store.blockContents(7n)).toEqual(chain[7]!.contents);
    },
  );

  test.each(liars.map((source) => [source.name, source] as const))(
    "%s: nothing comes of it alone",
    async (_name, source) => {
      const only = fakeArchive(source.name, chain, async (data, expected) =>
        expected!.index === 2n && source.name === "other block"
          ? undefined
          : source.fetchBlock(data!.block.index, expected, new AbortController().signal),
      );
      // Its block 1 is right where the lie is "the contents of block 1".
      const target = source.name === "wrong contents" ? 1 : 0;
      const attempt = syncWith({ archives: [only] }).attempt(100);
      if (target === 1) expect((await attempt).appended).toBe(1);
      else await expect(attempt).rejects.toMatchObject({ code: "NoTransactionData" });
      expect(store.blockCount()).toBe(BigInt(1 + target));
      expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    },
  );

  test("that end early give what they have", async () => {
    expect(
      (await syncWith({ archives: [fakeArchive("short", chain.slice(0, 6))] }).attempt(100)).appended,
    ).toBe(5);
  });

  test("lacking metadata that appending needs are passed over", async () => {
    const recent = sampleChain(4, { version: blockVersion(3) });
    await using other = LedgerStore.open(join(folder, "recent"), { create: true });
    other.appendBlock(recent[0]!);
    const bare = fakeArchive("bare", recent, async (data) => data && { ...data, metadata: undefined });
    const peers = ["a:1", "b:1"].map((name) => fakePeer(name, recent));
    const options = { store: other, peers };
    const sync = syncWith({ ...options, archives: [bare, fakeArchive("honest", recent)] });
    expect((await sync.attempt(100)).appended).toBe(3);
  });

  test("are asked for a bounded number of blocks at a time", async () => {
    const long = sampleChain(260);
    let running = 0;
    let most = 0;
    let furthest = 0n;
    let ahead = 0n;
    const source = fakeArchive("counting", long, async (data) => {
      running += 1;
      most = Math.max(most, running);
      furthest = data!.block.index > furthest ? data!.block.index : furthest;
      ahead = furthest - store.blockCount() > ahead ? furthest - store.blockCount() : ahead;
      await new Promise((resolve) => setTimeout(resolve, data!.block.index === 1n ? 100 : 1));
      running -= 1;
      return data;
    });
    store.close();
    store = LedgerStore.open(join(folder, "long"), { create: true });
    store.appendBlock(long[0]!);
    const peers = ["a:1", "b:1"].map((name) => fakePeer(name, long));
    const { systemClock } = await import("../clock.ts");
    expect((await syncWith({ peers, archives: [source], clock: systemClock }).attempt(1000)).appended).toBe(
      259,
    );
    expect(most).toBeLessThanOrEqual(MAX_CONTENTS_WORKERS);
    expect(ahead).toBeLessThanOrEqual(BigInt(MAX_BLOCKS_AHEAD));
  });
});

describe("unsafe blocks", () => {
  test("that spend a key image again end the attempt, which succeeds", async () => {
    const spent = chain[2]!.contents.keyImages[0]!;
    const bad = childOf(chain[3]!, { ...chain[4]!.contents, keyImages: [spent] });
    const doubled = [...chain.slice(0, 4), bad];
    const peers = ["a:1", "b:1"].map((name) => fakePeer(name, doubled));
    const archives = [fakeArchive("honest", doubled)];
    expect((await syncWith({ peers, archives }).attempt(100)).appended).toBe(3);
    expect((await syncWith({ peers, archives }).attempt(100)).appended).toBe(0);
  });

  test("that the ledger refuses are told, those before stay", async () => {
    const bad = childOf(chain[3]!, { ...chain[2]!.contents, keyImages: chain[5]!.contents.keyImages });
    const broken = [...chain.slice(0, 4), bad];
    const peers = ["a:1", "b:1"].map((name) => fakePeer(name, broken));
    const attempt = syncWith({ peers, archives: [fakeArchive("honest", broken)] }).attempt(100);
    await expect(attempt).rejects.toMatchObject({ code: "DBError", data: { blockIndex: 4n } });
    expect(store.blockCount()).toBe(4n);
  });
});

test("a follower keeps in step with a growing network and survives its failures", async () => {
  const known = { count: 3 };
  const growing = (name: string) => ({
    name,
    fetchBlocks: (from: bigint, limit: number, signal: AbortSignal) =>
      fakePeer(name, chain.slice(0, known.count)).fetchBlocks(from, limit, signal),
    lastBlockInfo: async (signal: AbortSignal) => {
      if (known.count === 6 && name === "a:1") throw new Error("no connection");
      return fakePeer(name, chain.slice(0, known.count)).lastBlockInfo(signal);
    },
  });
  const stop = new AbortController();
  const following = followLedger({
    store,
    network: network(),
    peers: ["a:1", "b:1", "c:1"].map(growing),
    archives: [fakeArchive("dead", []), fakeArchive("honest", chain)],
    clock,
    random: () => 0.5,
    signal: stop.signal,
    onBlock: ({ index }) => {
      if (index === 2n) known.count = 6;
      if (index === 5n) known.count = 12;
      if (index === 11n) stop.abort();
    },
  });
  await following;
  expect(store.latestBlock()).toEqual(chain[11]!.block);
});
