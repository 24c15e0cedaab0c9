import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus } from "@mobilecoin-ts/wire/gen/health_pb";

export interface HealthOptions {
  /** Asked at every check; SERVING when absent. */
  readonly status?: () => "SERVING" | "NOT_SERVING";
}

/** `grpc.health.v1.Health`, with Ping and without Watch; the service name asked for is ignored (04 section 2.9.4). */
export function healthRoutes(router: ConnectRouter, options: HealthOptions = {}): void {
  router.service(Health, {
    check: () => ({ status: HealthCheckResponse_ServingStatus[options.status?.() ?? "SERVING"] }),
    // biome-ignore lint/correctness/useYield: the method is declared as a stream and refused as a whole.
    async *watch() {
      throw new ConnectError("Watch is not implemented; call Check", Code.Unimplemented);
    },
    ping: ({ data }) => ({ data }),
  });
}
