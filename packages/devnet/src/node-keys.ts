import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { bytesToHex, hexToBytes } from "@mobilecoin-ts/crypto";
import { systemRandom } from "@mobilecoin-ts/curve";
import { DevnetError } from "./error.ts";

/** The two signing keys of a node: Ed25519 seeds of 32 bytes. */
export interface NodeKeys {
  readonly blockSigningSeed: Uint8Array;
  readonly messageSigningSeed: Uint8Array;
}

const SEED = /^[0-9a-f]{64}$/;

/** The keys of the node whose key file is at `path`; made and kept there, readable by the owner only, the first time. */
export function openNodeKeys(path: string): NodeKeys {
  if (!existsSync(path)) {
    const keys = { blockSigningSeed: systemRandom(32), messageSigningSeed: systemRandom(32) };
    const text = JSON.stringify({
      block_signing_seed: bytesToHex(keys.blockSigningSeed),
      message_signing_seed: bytesToHex(keys.messageSigningSeed),
    });
    writeFileSync(path, `${text}\n`, { mode: 0o600, flag: "wx" });
    return keys;
  }
  const { block_signing_seed: block, message_signing_seed: message } = readJson(path);
  if (typeof block !== "string" || typeof message !== "string" || !SEED.test(block) || !SEED.test(message)) {
    throw new DevnetError(
      "NotADevnet",
      `${path} is not a node's key file; move the folder away to start afresh`,
    );
  }
  return { blockSigningSeed: hexToBytes(block), messageSigningSeed: hexToBytes(message) };
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
