export { type AdminOptions, adminRoutes } from "./admin/admin.ts";
export {
  type AdminHttpGateway,
  type AdminHttpGatewayOptions,
  startAdminHttpGateway,
} from "./admin/admin-http-gateway.ts";
export { type BuildInfo, buildInfo, buildInfoJson, buildInfoRoutes } from "./admin/build-info.ts";
export { type HealthOptions, healthRoutes } from "./admin/health.ts";
export {
  type AuthenticationFailure,
  type AuthenticationResult,
  type Authenticator,
  anonymousAuthenticator,
  type BasicCredentials,
  type TokenAuthenticatorOptions,
  tokenAuthenticator,
} from "./checks/authenticator.ts";
export {
  type CheckedCall,
  type RequestCheckOptions,
  type RequestChecks,
  requestChecks,
} from "./checks/request-checks.ts";
export { CookieJar } from "./client/cookie-jar.ts";
export {
  type ClientCredentials,
  type TokenCredentialsOptions,
  tokenCredentials,
} from "./client/credentials.ts";
export { type GrpcTransport, type GrpcTransportOptions, grpcTransport } from "./client/grpc-transport.ts";
export { ServiceError, type ServiceErrorCode } from "./error.ts";
export { LogFilter, type LogLevel } from "./log-filter.ts";
export {
  createLogger,
  type Logger,
  type LoggerOptions,
  logFilterOf,
  setLogFilter,
  silentLogger,
} from "./logger.ts";
export {
  type Counter,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type MetricOptions,
  type MetricsOptions,
  MetricsRegistry,
} from "./metrics.ts";
export { BoundedQueue, type BoundedQueueOptions } from "./run/bounded-queue.ts";
export {
  type Closeable,
  type GracefulRunOptions,
  gracefulRun,
  type SignalSource,
} from "./run/graceful-run.ts";
export { PeriodicTask, type PeriodicTaskOptions } from "./run/periodic-task.ts";
export {
  type Delays,
  fibonacciDelays,
  fixedDelays,
  jitter,
  linearDelays,
  PEER_RETRY_POLICY,
  type RetryOptions,
  type RetryPolicy,
  retry,
} from "./run/retry.ts";
export { type Sleep, sleep } from "./run/sleep.ts";
export type { CorsPolicy } from "./server/cors.ts";
export {
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MAX_HEADER_BYTES,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_STREAMS_PER_CONNECTION,
  type ListenAddress,
  type RunningServer,
  type ServerOptions,
  startServer,
} from "./server/start-server.ts";
export type { TlsFiles } from "./server/tls-files.ts";
