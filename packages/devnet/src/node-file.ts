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

/** How long a node may take to answer, in milliseconds, before it counts as busy. */
const PATIENCE = 2000;

/** Takes a data folder for a node; false where another one has it. */
export function takeNodeFile(dataDir: string, file: NodeFile): boolean {
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

/** The node that runs on a data folder; undefined where none does. */
export async function findNode(dataDir: string): Promise<NodeFile | undefined> {
  const file = readNodeFile(dataDir);
  return file !== undefined && (await answers(file)) ? file : undefined;
}

/**
 * Whether it is the node that listens there: the process id of one that died may be another program's by now. One that
 * takes the connection but has no time to answer is taken for the node.
 */
async function answers({ port, token }: NodeFile): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch (error) {
    return error instanceof DOMException && error.name === "TimeoutError";
  }
}

function readNodeFile(dataDir: string): NodeFile | undefined {
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
