export { authToken, basicAuthorization } from "./auth-token.ts";
export {
  type Codec,
  type CodecReference,
  DEFAULT_DECODE_LIMITS,
  type DecodeLimits,
  type DecodeOptions,
  type DecodeState,
  type Field,
  type FieldOrder,
  type FieldsOf,
  f,
  fixedBytes,
  mapped,
  message,
  type OneofMember,
  type UnionOf,
  type WrapperRule,
  wrapper,
} from "./codec.ts";
export {
  type MessageErrorCode,
  type TokenErrorCode,
  type UriErrorCode,
  WireError,
  type WireErrorCode,
} from "./error.ts";
export { formatMobUri, parseMobUri } from "./mob-uri.ts";
export { type NodeId, nodeIdsEqual, parseResponderId } from "./responder-id.ts";
export { SERVICES, type ServiceKind, ServiceUri } from "./service-uri.ts";
