import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How commands find the node that runs on a data folder, and prove that they may use it. */
export interface NodeFile {
  /** Process that runs the node. */
  readonly pid: number;
  /** Port on the loopback interface. */
  readonly port: number;
  /** 64 hex digits. */
  readonly token: string;
}

function path(dataDir: string): string {
  return join(dataDir, "node.json");
}

/** Takes a data folder for a node; false where another living one has it. A dead node's file is replaced. */
export function takeNodeFile(dataDir: string, file: NodeFile): boolean {
  if (readNodeFile(dataDir) !== undefined) return false;
  rmSync(path(dataDir), { force: true });
  try {
    writeFileSync(path(dataDir), `${JSON.stringify(file)}\n`, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

export function removeNodeFile(dataDir: string): void {
  rmSync(path(dataDir), { force: true });
}

/** The file of the node that runs on a data folder; undefined where none does. */
export function readNodeFile(dataDir: string): NodeFile | undefined {
  if (!existsSync(path(dataDir))) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path(dataDir), "utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, port, token } = Object.fromEntries(Object.entries(value));
  const isFile = Number.isInteger(pid) && Number.isInteger(port) && typeof token === "string";
  return isFile && isAlive(pid) ? { pid, port, token } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive too, and may not be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
