import { type Logger, silentLogger } from "../logger.ts";

/** Anything that is stopped at the end. */
export interface Closeable {
  close(): Promise<void> | void;
}

/** The process, as far as it matters here. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

export interface GracefulRunOptions {
  readonly logger?: Logger;
  /** Ends the run like a signal does. */
  readonly stop?: AbortSignal;
  readonly signals?: SignalSource;
  /** What a second signal does: ends the process at once by default. */
  readonly force?: () => void;
}

/**
 * Starts services and keeps them until SIGINT or SIGTERM, then closes them, the last started first. A second signal
 * forces the end. When the start fails, what had started is closed and the failure is thrown.
 * @param start starts everything; `keep` takes each part as soon as it runs
 */
export async function gracefulRun(
  start: (keep: <T extends Closeable>(part: T) => T, stop: AbortSignal) => Promise<void>,
  options: GracefulRunOptions = {},
): Promise<void> {
  const { logger = silentLogger, signals = process, force = () => process.exit(130) } = options;
  const parts: Closeable[] = [];
  const stopping = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) return force();
    logger.info("stopping; a second signal ends at once");
    stopping.abort();
  };
  const onStop = () => stopping.abort();
  signals.on("SIGINT", onSignal);
  signals.on("SIGTERM", onSignal);
  options.stop?.addEventListener("abort", onStop, { once: true });
  if (options.stop?.aborted) stopping.abort();
  try {
    await start((part) => {
      parts.push(part);
      return part;
    }, stopping.signal);
    if (!stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        stopping.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  } finally {
    try {
      await closeInReverse(parts, logger);
    } finally {
      signals.off("SIGINT", onSignal);
      signals.off("SIGTERM", onSignal);
      options.stop?.removeEventListener("abort", onStop);
    }
  }
}

/** Closes every part even when others fail to; their failures are logged. */
async function closeInReverse(parts: readonly Closeable[], logger: Logger): Promise<void> {
  for (const part of parts.toReversed()) {
    try {
      await part.close();
    } catch (error) {
      logger.error({ err: error }, "a part could not be closed in order");
    }
  }
}
