import { ConsensusNodeClient } from "@mobilecoin-ts/consensus";
import { grpcTransport } from "@mobilecoin-ts/service";
import { ServiceUri, WireError } from "@mobilecoin-ts/wire";
import { CliError } from "./cli-error.ts";

/** A connection to one consensus node, for as long as it is used. */
export interface NodeConnection extends AsyncDisposable {
  readonly uri: ServiceUri;
  readonly client: Pick<ConsensusNodeClient, "lastBlockInfo" | "propose">;
}

/** Opens connections; commands take it as an argument so that they can be tested without a network. */
export type OpenNode = (uri: string, chainId: string) => NodeConnection;

/**
 * Connects when the first call is made. User name and password of the URI go along as credentials, and the chain id
 * where it is not empty.
 */
export const openNode: OpenNode = (text, chainId) => {
  const uri = readNodeUri(text);
  const transport = grpcTransport(uri, chainId === "" ? {} : { chainId });
  return {
    uri,
    client: new ConsensusNodeClient(transport),
    async [Symbol.asyncDispose]() {
      transport.close();
    },
  };
};

/** @throws CliError */
export function readNodeUri(text: string): ServiceUri {
  try {
    return new ServiceUri("consensusClient", text);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    // The text may hold a password.
    throw new CliError("the address of the consensus node cannot be read", {
      cause,
      advice: "it looks like mc://node.example:443/ or, without TLS, insecure-mc://localhost:3223/",
    });
  }
}
