import { Socket } from "node:net";
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { AnyCalls, EnclaveDeclaration, EnclaveHandlers } from "../declaration.ts";
import { EnclaveError } from "../error.ts";
import { encodeFrame, type Frame } from "../frame.ts";
import { FrameStream } from "../frame-stream.ts";
import { gramineEnclavePlatform, isUnderSgx } from "../gramine/gramine-platform.ts";
import { startSettingsCodec } from "../settings.ts";
import { answerCall, answerQuote, readFrame, type Send } from "./answer-calls.ts";
import type { EnclaveEnvironment, EnclavePlatform, EnclaveTask } from "./environment.ts";
import { simulatedEnclavePlatform } from "./simulated-enclave-platform.ts";
import {
  inlinePool,
  runTask,
  TASK_WORKER,
  type TaskReply,
  type TaskRequest,
  WorkerPool,
} from "./task-pool.ts";

/** The file descriptor on which the host of a child process speaks. */
export const HOST_CHANNEL_FD = 3;

/** Names the port of the host on the loopback interface, where there is no inherited channel (Gramine). */
export const HOST_PORT_VARIABLE = "MC_ENCLAVE_HOST_PORT";

/** Makes the program's answers, once the enclave knows where it runs. */
export type EnclaveSetup<Declaration> = (
  environment: EnclaveEnvironment,
) => EnclaveHandlers<Declaration> | Promise<EnclaveHandlers<Declaration>>;

export interface EnclaveMainOptions<Calls extends AnyCalls> {
  readonly declaration: EnclaveDeclaration<Calls>;
  readonly setup: EnclaveSetup<EnclaveDeclaration<Calls>>;
  readonly tasks?: Readonly<Record<string, EnclaveTask>>;
  /** The program's own file: `new URL(import.meta.url)`. */
  readonly bundle: URL;
}

/**
 * Runs a trusted program: the last statement of its main file. Calls that the host makes reach the handlers, and there
 * is no other way in or out. The same file is the program of the pool's workers.
 */
export function enclaveMain<const Calls extends AnyCalls>(options: EnclaveMainOptions<Calls>): void {
  const tasks = new Map(Object.entries(options.tasks ?? {}));
  if (!isMainThread && workerData === TASK_WORKER && parentPort !== null) {
    serveTasks(parentPort, tasks);
    return;
  }
  if (!isMainThread && parentPort !== null) {
    const port = parentPort;
    const receive = serveCalls(options, tasks, (frame) => post(port, frame));
    port.on("message", (bytes: unknown) => {
      if (bytes instanceof Uint8Array) receive(bytes);
    });
    return;
  }
  const hostPort = Number(process.env[HOST_PORT_VARIABLE]);
  const socket =
    Number.isInteger(hostPort) && hostPort > 0
      ? new Socket().connect(hostPort, "127.0.0.1")
      : new Socket({ fd: HOST_CHANNEL_FD });
  const receive = serveCalls(options, tasks, (frame) => stream.send(frame));
  // Without its host an enclave has nothing to do.
  const stream = new FrameStream(socket, receive, () => process.exit(0));
}

function post(port: MessagePort, frame: Uint8Array): void {
  port.postMessage(frame, frame.buffer instanceof ArrayBuffer ? [frame.buffer] : []);
}

function serveTasks(port: MessagePort, tasks: ReadonlyMap<string, EnclaveTask>): void {
  port.on("message", async ({ id, task, input }: TaskRequest) => {
    let reply: TaskReply;
    try {
      reply = { id, output: await runTask(tasks, task, input) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? error.message : "the task failed" };
    }
    port.postMessage(reply);
  });
}

/** What to do with each frame of the host. */
function serveCalls<Calls extends AnyCalls>(
  { declaration, setup, bundle }: EnclaveMainOptions<Calls>,
  tasks: ReadonlyMap<string, EnclaveTask>,
  send: Send,
): (bytes: Uint8Array) => void {
  let handlers: EnclaveHandlers<EnclaveDeclaration<Calls>> | undefined;
  let platform: EnclavePlatform | undefined;
  let starting = false;

  const start = async ({ payload }: Frame): Promise<void> => {
    const { workers, simulated } = startSettingsCodec.decode(payload);
    // The host must not talk an enclave on hardware into keys and reports of the host's making (05 section 5.2).
    if (simulated !== undefined && isUnderSgx()) {
      throw new EnclaveError("StartFailed", "an enclave on SGX hardware is not started as a simulated one");
    }
    platform = simulated === undefined ? gramineEnclavePlatform() : simulatedEnclavePlatform(simulated);
    handlers = await setup({
      platform,
      pool: workers === 0 ? inlinePool(tasks) : new WorkerPool(bundle, workers),
      log: (level, text) =>
        send(encodeFrame({ kind: "log", id: 0, name: level, payload: new TextEncoder().encode(text) })),
    });
    send(encodeFrame({ kind: "ready", id: 0, name: declaration.name, payload: new Uint8Array(0) }));
  };

  return (bytes) => {
    const frame = readFrame(bytes);
    if (frame?.kind === "start" && !starting) {
      // Once: whoever has the host must not put a running program on another platform.
      starting = true;
      start(frame).catch((error: unknown) => {
        const text = error instanceof Error ? error.message : "unknown";
        send(encodeFrame({ kind: "failure", id: 0, name: "", payload: new TextEncoder().encode(text) }));
      });
    }
    if (frame?.kind === "quote") send(answerQuote(platform, frame));
    if (frame?.kind === "call" && handlers !== undefined) {
      void answerCall(declaration, handlers, frame).then(send);
    }
  };
}
