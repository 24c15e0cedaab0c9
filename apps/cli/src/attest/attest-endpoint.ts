import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { AttestedClient, type EvidenceVerifier, type VerifiedEvidence } from "@mobilecoin-ts/attestation";
import { grpcTransport } from "@mobilecoin-ts/service";
import { SERVICES, type ServiceKind, ServiceUri } from "@mobilecoin-ts/wire";
import { AttestedApi, AuthMessageSchema } from "@mobilecoin-ts/wire/gen/attest_pb";
import { CliError } from "../cli-error.ts";
import { interruptible } from "../interruptible.ts";

/** Services whose sessions are asked for through `attest.AttestedApi`. */
const ATTESTED: readonly ServiceKind[] = ["consensusClient"];

const TIMEOUT_MS = 30_000;

/** Asks a running node for a session, and judges what it shows. */
export async function attestEndpoint(text: string, verify: EvidenceVerifier): Promise<VerifiedEvidence> {
  const uri = parseUri(text);
  const client = new AttestedClient({ responderId: uri.responderId, verify });
  using transport = grpcTransport(uri, { timeoutMs: TIMEOUT_MS });
  const request = create(AuthMessageSchema, { data: client.authRequest() });
  const { data } = await interruptible("nothing was changed", (signal) =>
    createClient(AttestedApi, transport).auth(request, { signal }),
  );
  return client.processAuthResponse(data);
}

function parseUri(text: string): ServiceUri {
  const scheme = text.slice(0, text.indexOf("://")).replace(/^insecure-/, "");
  const kind = ATTESTED.find((candidate) => SERVICES[candidate].scheme === scheme);
  if (kind === undefined) {
    throw new CliError(`${text} names no service that is attested this way`, {
      advice: "give the URI of a consensus node: mc://host:port/ or insecure-mc://host:port/",
    });
  }
  try {
    return new ServiceUri(kind, text);
  } catch (cause) {
    throw new CliError(`${text} is no URI of a node`, {
      cause,
      advice: "such URIs look like mc://host:443/",
    });
  }
}
