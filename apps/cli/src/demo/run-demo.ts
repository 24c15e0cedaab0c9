import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Devnet } from "@mobilecoin-ts/devnet";
import { CliError } from "../cli-error.ts";
import { tellAttacks } from "./attacks.ts";
import { introduceCast } from "./cast.ts";
import { tellClosingBalance } from "./closing-balance.ts";
import { milliseconds, Narrator, timed } from "./narrator.ts";
import { tellPayments } from "./payment-story.ts";
import { tellViews } from "./payment-views.ts";
import { verifyRealBlocks } from "./real-blocks.ts";
import { defaultVectorsFolder } from "./vector-blocks.ts";

export interface DemoOptions {
  /** Archive files of real blocks to verify, in chain order. */
  readonly archives: readonly string[];
  readonly print: (line: string) => void;
  /** Folder of the test vectors, which hold main-network blocks. */
  readonly vectors?: string;
}

/**
 * The whole story, unattended and narrated. All that is printed is computed as it goes.
 *
 * @throws CliError where anything is not as it must be.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const narrator = new Narrator(options.print);
  const { ms } = await timed(async () => {
    try {
      await verifyRealBlocks(narrator, options.archives, options.vectors ?? defaultVectorsFolder());
      await playOnTemporaryNetwork(narrator);
    } catch (cause) {
      if (cause instanceof CliError) throw cause;
      throw new CliError("the demo failed", { cause });
    }
  });
  options.print("");
  options.print(`All as it must be, in ${milliseconds(ms)}.`);
}

async function playOnTemporaryNetwork(narrator: Narrator): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "mobilecoin-demo-"));
  try {
    await using devnet = await Devnet.start(folder);
    const cast = await introduceCast(narrator, devnet);
    const paid = await tellPayments(narrator, devnet, cast);
    tellViews(narrator, devnet, cast, paid);
    await tellAttacks(narrator, devnet, cast);
    await tellClosingBalance(narrator, devnet, cast);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
