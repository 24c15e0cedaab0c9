import type { Codec } from "@mobilecoin-ts/wire";

const MIB = 1024 * 1024;
const DEFAULT_LIMIT = MIB;

/** A call of an enclave: what goes in and what comes out, as bytes of limited length. */
export interface EnclaveCall<Input, Output> {
  readonly input: Codec<Input>;
  readonly output: Codec<Output>;
  /** Most bytes of an encoded input. */
  readonly maxInput: number;
  /** Most bytes of an encoded output. */
  readonly maxOutput: number;
}

/** Declares a call. Both limits are 1 MiB unless told. */
export function call<Input, Output>(
  input: Codec<Input>,
  output: Codec<Output>,
  limits: { readonly maxInput?: number; readonly maxOutput?: number } = {},
): EnclaveCall<Input, Output> {
  return {
    input,
    output,
    maxInput: limits.maxInput ?? DEFAULT_LIMIT,
    maxOutput: limits.maxOutput ?? DEFAULT_LIMIT,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a record of calls of all types can be named in no other way.
export type AnyCalls = Readonly<Record<string, EnclaveCall<any, any>>>;

/** An enclave as its host and its own program both know it. */
export interface EnclaveDeclaration<Calls extends AnyCalls = AnyCalls> {
  readonly name: string;
  /** ISVPRODID (05 section 2.8). */
  readonly productId: number;
  /** ISVSVN. */
  readonly securityVersion: number;
  readonly calls: Calls;
}

/** Declares an enclave: everything that can be asked of it, and nothing else can. */
export function defineEnclave<const Calls extends AnyCalls>(
  declaration: EnclaveDeclaration<Calls>,
): EnclaveDeclaration<Calls> {
  return declaration;
}

/** The calls of an enclave as its host makes them. */
export type EnclaveCalls<Declaration> =
  Declaration extends EnclaveDeclaration<infer Calls>
    ? {
        readonly [Name in keyof Calls]: Calls[Name] extends EnclaveCall<infer Input, infer Output>
          ? (input: Input) => Promise<Output>
          : never;
      }
    : never;

/** The calls of an enclave as its program answers them. A handler without anything to say may return nothing. */
export type EnclaveHandlers<Declaration> =
  Declaration extends EnclaveDeclaration<infer Calls>
    ? {
        readonly [Name in keyof Calls]: Calls[Name] extends EnclaveCall<infer Input, infer Output>
          ? (input: Input) => Output | Promise<Output>
          : never;
      }
    : never;
