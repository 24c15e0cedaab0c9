import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { AdminAPI } from "@mobilecoin-ts/wire/gen/admin_pb";
import { ServiceError } from "../error.ts";
import { type Logger, logFilterOf, setLogFilter } from "../logger.ts";
import type { MetricsRegistry } from "../metrics.ts";
import { type BuildInfo, buildInfo, buildInfoJson } from "./build-info.ts";

export interface AdminOptions {
  /** What the service is called: `Consensus Service`. */
  readonly name: string;
  /** Which one it is: a node's peer responder id. */
  readonly id: string;
  readonly buildInfo?: BuildInfo;
  /** Configuration and state of the moment, as plain JSON values; nothing secret. */
  readonly config: () => object | Promise<object>;
  readonly metrics: MetricsRegistry;
  /** Made by `createLogger`, so that its filter can be replaced. */
  readonly logger: Logger;
}

/** `admin.AdminAPI` (04 section 2.9.4). It asks for no credentials: listen where operators alone can call. */
export function adminRoutes(router: ConnectRouter, options: AdminOptions): void {
  const { name, id, metrics, logger } = options;
  const info = options.buildInfo ?? buildInfo();
  router.service(AdminAPI, {
    getPrometheusMetrics: async () => ({ metrics: await metrics.text() }),
    getInfo: async () => ({
      name,
      id,
      buildInfoJson: buildInfoJson(info),
      buildInfo: { ...info },
      configJson: JSON.stringify(await options.config()),
      rustLog: logFilterOf(logger),
    }),
    setRustLog: ({ rustLog }) => {
      try {
        setLogFilter(logger, rustLog);
      } catch (error) {
        if (error instanceof ServiceError) throw new ConnectError(error.message, Code.InvalidArgument);
        throw error;
      }
      logger.info({ filter: rustLog }, "log filter replaced");
      return {};
    },
    testLogError: () => {
      logger.error("test of the error log, asked for by an operator");
      return {};
    },
  });
}
