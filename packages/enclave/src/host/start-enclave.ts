import { type AttestationRoot, type Measurement, simulatedMeasurement } from "@mobilecoin-ts/attestation";
import type { AnyCalls, EnclaveCalls, EnclaveDeclaration } from "../declaration.ts";
import { EnclaveError } from "../error.ts";
import { decodeFrame, encodeFrame, type Frame } from "../frame.ts";
import { decodeFailure, startSettingsCodec } from "../settings.ts";
import type { EnclaveBundle } from "./bundle.ts";
import {
  type ChannelEvents,
  type EnclaveChannel,
  loopbackChannel,
  processChannel,
  workerChannel,
} from "./channel.ts";
import { loadOrCreateSealRoot } from "./seal-root.ts";

/** Calls that may be under way; a host that has more waits or refuses. */
const MAX_CALLS = 4096;

const START_TIMEOUT_MS = 60_000;

/** Where and how an enclave runs. */
export type EnclaveMode =
  | { readonly kind: "worker" }
  | { readonly kind: "process" }
  /** On SGX hardware: `command` runs the signed manifest of the bundle, `gramine-sgx NAME` usually. */
  | { readonly kind: "gramine"; readonly command: readonly [string, ...string[]] };

export interface StartEnclaveOptions {
  readonly mode: EnclaveMode;
  /** Where a simulated enclave keeps the key that stands in for the processor's. */
  readonly sealFolder: string;
  /** The development root under which a simulated enclave's evidence is made; none on hardware. */
  readonly root?: AttestationRoot;
  /** Simulated enclaves only: shows as a debug enclave, which verifiers refuse. */
  readonly debug?: boolean;
  /** Threads for the enclave's tasks besides its own; 0 runs them in its own. */
  readonly workers?: number;
  readonly onLog?: (level: string, text: string) => void;
  /** Called when the enclave ends without having been closed. */
  readonly onExit?: (reason: string) => void;
  /** Sees every frame that crosses the boundary, as bytes; for tests of what a host gets to see. */
  readonly observe?: (direction: "in" | "out", name: string, payload: Uint8Array) => void;
}

/** An enclave that runs, as its host sees it. */
export interface RunningEnclave<Declaration> extends AsyncDisposable {
  readonly calls: EnclaveCalls<Declaration>;
  /** What a simulated enclave is measured as; undefined on hardware, where its report tells. */
  readonly measurement: Measurement | undefined;
  /**
   * The quote over the report that the enclave made last: on hardware, where only the enclave can have it made.
   *
   * @throws EnclaveError `CallFailed` with remote code `Evidence` where it made none or is simulated
   */
  quote(): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface Waiting {
  readonly name: string;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: EnclaveError) => void;
}

/**
 * Starts an enclave and waits until it takes calls.
 *
 * @throws EnclaveError `StartFailed` with the reason it gave, or when it is not ready within a minute.
 */
export async function startEnclave<const Calls extends AnyCalls>(
  declaration: EnclaveDeclaration<Calls>,
  bundle: EnclaveBundle,
  options: StartEnclaveOptions,
): Promise<RunningEnclave<EnclaveDeclaration<Calls>>> {
  const host = new EnclaveHost(declaration, options);
  const measurement = simulationOf(declaration, bundle, options);
  await host.start(bundle, measurement);
  return {
    calls: host.calls(),
    measurement,
    quote: () => host.quote(),
    close: () => host.close(),
    [Symbol.asyncDispose]: () => host.close(),
  };
}

function simulationOf(
  { productId }: EnclaveDeclaration,
  { sha256 }: EnclaveBundle,
  { mode }: StartEnclaveOptions,
): Measurement | undefined {
  return mode.kind === "gramine" ? undefined : simulatedMeasurement(sha256, productId);
}

class EnclaveHost<Calls extends AnyCalls> {
  readonly #declaration: EnclaveDeclaration<Calls>;
  readonly #options: StartEnclaveOptions;
  readonly #waiting = new Map<number, Waiting>();
  #channel: EnclaveChannel | undefined;
  #ready: { readonly resolve: () => void; readonly reject: (error: EnclaveError) => void } | undefined;
  #ended: string | undefined;
  #closing = false;
  #next = 1;

  constructor(declaration: EnclaveDeclaration<Calls>, options: StartEnclaveOptions) {
    this.#declaration = declaration;
    this.#options = options;
  }

  async start(bundle: EnclaveBundle, measurement: Measurement | undefined): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#ready = { resolve, reject };
    });
    // Also where nobody gets to wait for it, because the enclave could not be opened at all.
    ready.catch(() => undefined);
    const timer = setTimeout(() => {
      this.#ready?.reject(this.#startFailed(`it was not ready within ${START_TIMEOUT_MS / 1000} s`));
    }, START_TIMEOUT_MS);
    try {
      this.#channel = await this.#open(bundle);
      this.#send({ kind: "start", id: 0, name: "", payload: this.#settings(measurement) });
      await ready;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #open({ file }: EnclaveBundle): EnclaveChannel | Promise<EnclaveChannel> {
    const events: ChannelEvents = {
      onFrame: (bytes) => this.#receive(bytes),
      onEnd: (reason) => this.#end(reason),
    };
    const { mode } = this.#options;
    switch (mode.kind) {
      case "worker":
        return workerChannel(file, events);
      case "process":
        return processChannel(file, events);
      case "gramine":
        return loopbackChannel(mode.command, events);
    }
  }

  #settings(measurement: Measurement | undefined): Uint8Array {
    const { workers = 0, root, sealFolder, debug = false } = this.#options;
    if (measurement === undefined) return startSettingsCodec.encode({ workers, simulated: undefined });
    if (root?.kind !== "development") {
      throw this.#startFailed(
        "a simulated enclave needs the development root that its evidence is made under",
      );
    }
    const { productId, securityVersion } = this.#declaration;
    const sealRoot = loadOrCreateSealRoot(sealFolder);
    const simulated = { ...measurement, productId, securityVersion, debug, sealRoot, root: root.der };
    return startSettingsCodec.encode({ workers, simulated });
  }

  #startFailed(reason: string): EnclaveError {
    return new EnclaveError("StartFailed", `the ${this.#declaration.name} enclave did not start: ${reason}`);
  }

  /** One method for each declared call. */
  calls(): EnclaveCalls<EnclaveDeclaration<Calls>> {
    const entries = Object.entries(this.#declaration.calls).map(
      ([name, { input, output, maxInput, maxOutput }]) => [
        name,
        async (value: unknown): Promise<unknown> => {
          const payload = input.encode(value);
          if (payload.length > maxInput) {
            throw new EnclaveError(
              "TooLarge",
              `the input of ${name} has ${payload.length} bytes, at most ${maxInput} are taken`,
            );
          }
          const answer = await this.#call(name, payload);
          if (answer.length > maxOutput) {
            throw new EnclaveError(
              "TooLarge",
              `the output of ${name} has ${answer.length} bytes, more than ${maxOutput}`,
            );
          }
          return output.decode(answer);
        },
      ],
    );
    return Object.fromEntries(entries);
  }

  quote(): Promise<Uint8Array> {
    return this.#call("quote", new Uint8Array(0), "quote");
  }

  #call(name: string, payload: Uint8Array, kind: "call" | "quote" = "call"): Promise<Uint8Array> {
    if (this.#ended !== undefined || this.#channel === undefined) {
      return Promise.reject(
        new EnclaveError("Ended", `the enclave has ended: ${this.#ended ?? "it was closed"}`),
      );
    }
    if (this.#waiting.size >= MAX_CALLS) {
      return Promise.reject(
        new EnclaveError("Busy", `${MAX_CALLS} calls of the enclave are under way already`),
      );
    }
    const id = this.#next;
    this.#next = this.#next === 0xffff_ffff ? 1 : this.#next + 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { name, resolve, reject });
      this.#send({ kind, id, name, payload });
    });
  }

  #send(frame: Frame): void {
    this.#options.observe?.("in", frame.name, frame.payload);
    this.#channel?.send(encodeFrame(frame));
  }

  #receive(bytes: Uint8Array): void {
    let frame: Frame;
    try {
      frame = decodeFrame(bytes);
    } catch {
      // A program that sends no frames is not the one that was started.
      void this.#channel?.close();
      return;
    }
    const waiting = this.#waiting.get(frame.id);
    this.#options.observe?.("out", waiting?.name ?? frame.name, frame.payload);
    switch (frame.kind) {
      case "ready":
        this.#ready?.resolve();
        break;
      case "log":
        this.#options.onLog?.(frame.name, new TextDecoder().decode(frame.payload));
        break;
      case "result":
        this.#waiting.delete(frame.id);
        waiting?.resolve(frame.payload);
        break;
      case "failure":
        this.#waiting.delete(frame.id);
        if (frame.id === 0) this.#ready?.reject(this.#startFailed(new TextDecoder().decode(frame.payload)));
        waiting?.reject(failure(waiting.name, frame.payload));
        break;
    }
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#ready?.reject(this.#startFailed(reason));
    for (const { reject } of this.#waiting.values()) {
      reject(new EnclaveError("Ended", `the enclave ended during the call: ${reason}`));
    }
    this.#waiting.clear();
    if (!this.#closing) this.#options.onExit?.(reason);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#channel?.close();
    this.#end("it was closed");
  }
}

function failure(name: string, payload: Uint8Array): EnclaveError {
  try {
    const remote = decodeFailure(payload);
    return new EnclaveError("CallFailed", remote.message, { remote });
  } catch (cause) {
    return new EnclaveError("Protocol", `the enclave's answer to ${name} cannot be read`, { cause });
  }
}
