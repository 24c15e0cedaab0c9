import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { EnclaveError } from "../error.ts";
import { FrameStream } from "../frame-stream.ts";
import { HOST_CHANNEL_FD, HOST_PORT_VARIABLE } from "../trusted/enclave-main.ts";

/** An enclave of some gigabytes on SGX takes a while to load. */
const CONNECT_WITHIN_MS = 60_000;

/** How an enclave runs, and what carries its frames. */
export interface EnclaveChannel {
  send(frame: Uint8Array): void;
  /** Ends the enclave; resolves when it is gone. */
  close(): Promise<void>;
}

export interface ChannelEvents {
  readonly onFrame: (frame: Uint8Array) => void;
  /** Once, when the enclave is gone, with what is known of why. */
  readonly onEnd: (reason: string) => void;
}

/** A thread of this process, with nothing of its environment. */
export function workerChannel(file: string, { onFrame, onEnd }: ChannelEvents): EnclaveChannel {
  const worker = new Worker(pathToFileURL(file), { env: {}, execArgv: [], stdout: true, stderr: true });
  worker.on("message", (frame: unknown) => {
    if (frame instanceof Uint8Array) onFrame(frame);
  });
  let reason = "";
  worker.once("error", (error: unknown) => {
    reason = error instanceof Error ? error.message : "unknown";
  });
  worker.once("exit", (code) => onEnd(reason === "" ? `its thread ended with ${code}` : reason));
  return {
    send: (frame) => worker.postMessage(frame, frame.buffer instanceof ArrayBuffer ? [frame.buffer] : []),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** A process of its own, over a channel that only the two have. */
export function processChannel(file: string, events: ChannelEvents): EnclaveChannel {
  const child = spawn(process.execPath, [file], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    env: {},
    detached: true,
  });
  const stream = child.stdio[HOST_CHANNEL_FD];
  if (!(stream instanceof Duplex))
    throw new EnclaveError("StartFailed", "the enclave's channel could not be opened");
  return childChannel(child, new FrameStream(stream, events.onFrame, () => undefined), events);
}

/**
 * A process that connects back over the loopback: under Gramine, pipes between enclave and host are not shared.
 *
 * @param command how to run the bundle, `gramine-sgx` and its manifest
 */
export async function loopbackChannel(
  command: readonly [string, ...string[]],
  events: ChannelEvents,
  connectWithinMs: number = CONNECT_WITHIN_MS,
): Promise<EnclaveChannel> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new EnclaveError("StartFailed", "no port of the loopback interface could be had");
  }
  const [program, ...words] = command;
  const child = spawn(program, words, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env.PATH ?? "", [HOST_PORT_VARIABLE]: `${address.port}` },
    detached: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const socket = await new Promise<Duplex>((resolve, reject) => {
      const late = `${program} did not connect within ${connectWithinMs / 1000} s`;
      timer = setTimeout(() => reject(new EnclaveError("StartFailed", late)), connectWithinMs);
      server.once("connection", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new EnclaveError("StartFailed", `${program} ended with ${code}`)));
    });
    return childChannel(child, new FrameStream(socket, events.onFrame, () => undefined), events);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
    server.close();
  }
}

function childChannel(child: ChildProcess, stream: FrameStream, { onEnd }: ChannelEvents): EnclaveChannel {
  const ended = new Promise<void>((resolve) => {
    let reported = false;
    const report = (reason: string): void => {
      if (!reported) onEnd(reason);
      reported = true;
      resolve();
    };
    child.once("error", (error) => report(error.message));
    child.once("exit", (code, signal) => report(`its process ended with ${signal ?? code}`));
  });
  return {
    send: (frame) => stream.send(frame),
    close: async () => {
      stream.close();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
