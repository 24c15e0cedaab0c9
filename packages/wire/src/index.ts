export {
  type Codec,
  type CodecReference,
  DEFAULT_DECODE_LIMITS,
  type DecodeLimits,
  type DecodeOptions,
  type Field,
  type FieldOrder,
  type FieldsOf,
  f,
  fixedBytes,
  message,
  type OneofMember,
  type UnionOf,
  type WrapperRule,
  wrapper,
} from "./codec.ts";
export { WireError, type WireErrorCode } from "./error.ts";
