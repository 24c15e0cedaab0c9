import { bytesToHex, equalBytes } from "@mobilecoin-ts/crypto";
import {
  blockContentsHash,
  ChainVerifier,
  isBlockIdValid,
  isBlockSignatureValid,
} from "@mobilecoin-ts/ledger";
import { readArchiveFiles } from "@mobilecoin-ts/ledger/store";
import { CliError } from "../cli-error.ts";
import { count, expectThat, milliseconds, type Narrator, shortHex, timed } from "./narrator.ts";
import { loadMainNetworkBlocks, type PublishedBlock } from "./vector-blocks.ts";

/** Verifies blocks that the main network made, from archive files or from the vectors; says so where neither is there. */
export async function verifyRealBlocks(
  narrator: Narrator,
  archives: readonly string[],
  vectorsFolder: string,
): Promise<void> {
  narrator.step("Real blocks");
  if (archives.length > 0) await verifyArchives(narrator, archives);
  const blocks = readVectors(vectorsFolder);
  if (blocks !== undefined) {
    await verifyPublished(narrator, blocks);
  } else if (archives.length === 0) {
    narrator.say("No real block is at hand, so none was verified: no archive file was given, and there are");
    narrator.say(`no test vectors in ${vectorsFolder}.`);
    narrator.say("Give archive files with --archive, or the folder of vectors with MOBILECOIN_VECTORS.");
  }
}

function readVectors(folder: string): readonly PublishedBlock[] | undefined {
  try {
    return loadMainNetworkBlocks(folder);
  } catch (cause) {
    throw new CliError(`the blocks among the vectors in ${folder} cannot be read`, { cause });
  }
}

async function verifyPublished(narrator: Narrator, published: readonly PublishedBlock[]): Promise<void> {
  narrator.say(`${count(published.length, "block")} of the MobileCoin main network, from the test vectors:`);
  let signatures = 0;
  let total = 0;
  for (const one of published) {
    const { ms } = await timed(() => requireGenuine(one));
    const { block, contents } = one;
    narrator.say(
      `block ${block.index} (version ${block.version}, ${count(contents.outputs.length, "output")}, ` +
        `${count(contents.keyImages.length, "key image")}), id ${shortHex(block.id)}`,
    );
    const signers = new Set(one.signatures.map(({ signer }) => bytesToHex(signer))).size;
    narrator.detail(
      `contents hash and id recomputed, ${count(one.signatures.length, "signature")} by ` +
        `${count(signers, "signer")} verified: ${milliseconds(ms)}`,
    );
    signatures += one.signatures.length;
    total += ms;
  }
  const left = published.reduce((sum, one) => sum + signaturesOverChanged(one), 0);
  expectThat(left === 0, "no signature holds for another block id");
  narrator.say(
    `${count(signatures, "signature")} in ${milliseconds(total)}; with one bit of each id changed, ${left} of them hold.`,
  );
}

function requireGenuine({ block, contents, signatures }: PublishedBlock): void {
  const name = `main-network block ${block.index}`;
  expectThat(
    equalBytes(blockContentsHash(contents), block.contentsHash),
    `${name} has the contents it names`,
  );
  expectThat(isBlockIdValid(block), `${name} has the id of its header`);
  expectThat(signatures.length > 0, `${name} has a signature`);
  for (const signature of signatures) {
    expectThat(
      isBlockSignatureValid(block, signature),
      `the signature of ${name} by ${shortHex(signature.signer)} holds`,
    );
  }
}

/** How many signatures of a block would also hold for the same block with one bit of its id changed. */
function signaturesOverChanged({ block, signatures }: PublishedBlock): number {
  const id = Uint8Array.from(block.id);
  id[0] = id[0]! ^ 1;
  return signatures.filter((signature) => isBlockSignatureValid({ ...block, id }, signature)).length;
}

async function verifyArchives(narrator: Narrator, archives: readonly string[]): Promise<void> {
  const runs: ChainVerifier[] = [];
  const { ms } = await timed(async () => {
    try {
      for await (const data of readArchiveFiles(archives)) {
        const last = runs.at(-1);
        const follows =
          last?.summary.lastBlockIndex !== undefined && data.block.index === last.summary.lastBlockIndex + 1n;
        const run = follows ? last : new ChainVerifier();
        if (!follows) runs.push(run);
        run.add(data);
      }
    } catch (cause) {
      throw new CliError("the archive files do not hold", { cause });
    }
  });
  narrator.say(`${count(archives.length, "archive file")}, verified in ${milliseconds(ms)}:`);
  for (const { summary } of runs) {
    const { firstBlockIndex, lastBlockIndex, blocks, txOuts, keyImages, signatures, metadata } = summary;
    const range =
      firstBlockIndex === lastBlockIndex ? `${lastBlockIndex}` : `${firstBlockIndex} to ${lastBlockIndex}`;
    narrator.say(
      `${blocks === 1 ? "block" : "blocks"} ${range}: ${count(txOuts, "output")}, ${count(keyImages, "key image")};`,
    );
    narrator.detail(
      `contents hash and id of ${count(blocks, "block")}, ${count(signatures, "block signature")} and ` +
        `${count(metadata, "metadata signature")} hold`,
    );
  }
  if (runs.length > 1) {
    narrator.say(
      `The files hold ${runs.length} separate stretches of the chain; what lies between was not verified.`,
    );
  }
}
