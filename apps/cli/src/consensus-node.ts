import { ConsensusNodeClient } from "@mobilecoin-ts/consensus";
import { basicAuthorization, ServiceUri, WireError } from "@mobilecoin-ts/wire";
import { CliError } from "./cli-error.ts";

/** A connection to one consensus node, for as long as it is used. */
export interface NodeConnection extends AsyncDisposable {
  readonly uri: ServiceUri;
  readonly client: Pick<ConsensusNodeClient, "lastBlockInfo" | "propose">;
}

/** Opens connections; commands take it as an argument so that they can be tested without a network. */
export type OpenNode = (uri: string, chainId: string) => NodeConnection;

/** What calls go through; the service package's `grpcTransport` makes such. */
export type NodeTransport = ConstructorParameters<typeof ConsensusNodeClient>[0] & {
  close(): void | Promise<void>;
};

/** Connections that are made when the first call is. User name and password of a URI go along as credentials. */
export function nodeOpener(transportTo: (uri: ServiceUri) => NodeTransport): OpenNode {
  return (text, chainId) => {
    const uri = readNodeUri(text);
    const transport = transportTo(uri);
    const authorization = uri.username === "" ? undefined : basicAuthorization(uri.username, uri.password);
    return {
      uri,
      client: new ConsensusNodeClient(transport, { chainId, authorization }),
      async [Symbol.asyncDispose]() {
        await transport.close();
      },
    };
  };
}

/** @throws CliError */
function readNodeUri(text: string): ServiceUri {
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
