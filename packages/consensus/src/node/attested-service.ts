import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { AttestedApi } from "@mobilecoin-ts/wire/gen/attest_pb";
import type { NodeLog } from "./node-log.ts";

export interface AttestedServiceOptions {
  /** Begins status texts: `client_auth` or `peer_auth`. */
  readonly context: "client_auth" | "peer_auth";
  readonly checkChainId: (call: HandlerContext) => void;
  readonly authenticate: (call: HandlerContext) => unknown;
  /** The enclave's part of the handshake: its answer to the initiator's message. */
  readonly accept: (message: Uint8Array) => Promise<{ readonly response: Uint8Array }>;
  readonly log: NodeLog;
}

/** `attest.AttestedApi`: the handshake that every session begins with (04 section 2.9.2, 05 section 2.1). */
export function addAttestedService(router: ConnectRouter, options: AttestedServiceOptions): void {
  router.service(AttestedApi, {
    async auth({ data }, context) {
      options.checkChainId(context);
      options.authenticate(context);
      try {
        return { data: (await options.accept(data)).response };
      } catch (error) {
        options.log.info({ err: error }, "a handshake failed");
        throw new ConnectError(`${options.context}: Permission denied`, Code.PermissionDenied);
      }
    },
  });
}
