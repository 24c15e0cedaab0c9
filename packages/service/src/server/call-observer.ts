import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { Logger } from "../logger.ts";
import type { MetricsRegistry } from "../metrics.ts";

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10];

/** Counts and times every call, and logs the failures nobody meant. */
export function callObserver(logger: Logger, metrics: MetricsRegistry | undefined): Interceptor {
  const calls = metrics?.counter({
    name: "rpc_calls_total",
    help: "Calls answered, by method and status",
    labels: ["method", "code"],
  });
  const seconds = metrics?.histogram({
    name: "rpc_call_duration_seconds",
    help: "Time to answer a call",
    labels: ["method"],
    buckets: SECONDS,
  });
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const started = performance.now();
    let code = "ok";
    try {
      return await next(request);
    } catch (error) {
      code = Code[ConnectError.from(error).code];
      // A ConnectError is an answer somebody chose; anything else is a fault of ours, and its text stays here.
      // A caller that hangs up in the middle of its request is no fault either.
      if (request.signal.aborted || isHangUp(error)) logger.debug({ method, err: error }, "a caller hung up");
      else if (!(error instanceof ConnectError))
        logger.error({ method, err: error }, "a call failed unexpectedly");
      throw error;
    } finally {
      calls?.inc({ method, code });
      seconds?.observe({ method }, (performance.now() - started) / 1000);
    }
  };
}

const HANG_UPS: readonly unknown[] = ["ERR_STREAM_PREMATURE_CLOSE", "ERR_HTTP2_STREAM_ERROR", "ECONNRESET"];

function isHangUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && HANG_UPS.includes(error.code);
}
