export { CookieJar } from "./client/cookie-jar.ts";
export {
  type ClientCredentials,
  type TokenCredentialsOptions,
  tokenCredentials,
} from "./client/credentials.ts";
export { type GrpcTransport, type GrpcTransportOptions, grpcTransport } from "./client/grpc-transport.ts";
export { ServiceError, type ServiceErrorCode } from "./error.ts";
export { type Logger, silentLogger } from "./logger.ts";
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
