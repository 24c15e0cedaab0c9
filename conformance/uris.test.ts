import { parseMobUri, type ServiceKind, ServiceUri, WireError } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface ServiceRow {
  readonly name: string;
  readonly uri_kind: keyof typeof KINDS;
  readonly uri: string;
  readonly valid: boolean;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly use_tls: boolean;
  readonly username: string;
  readonly password: string;
  readonly tls_hostname_override: string | null;
  readonly responder_id_parameter: string | null;
}

interface MobRow {
  readonly name: string;
  readonly uri: string;
  readonly valid: boolean;
  readonly payload: string | null;
}

const KINDS = {
  client: "consensusClient",
  peer: "consensusPeer",
  fog: "fogReport",
  fog_view: "fogView",
  fog_view_router: "fogViewRouter",
  fog_view_store: "fogViewStore",
  fog_ledger: "fogLedger",
  key_image_store: "keyImageStore",
} as const satisfies Record<string, ServiceKind>;

describeVectors("uris", () => {
  test.each(loadVectors<ServiceRow>("uris/service_uris.jsonl"))("service $name", (row) => {
    const kind: ServiceKind = KINDS[row.uri_kind];
    if (!row.valid) {
      expect(() => new ServiceUri(kind, row.uri)).toThrow(WireError);
      return;
    }
    const uri = new ServiceUri(kind, row.uri);
    expect({
      host: uri.host,
      port: uri.port,
      address: uri.address,
      use_tls: uri.useTls,
      username: uri.username,
      password: uri.password,
      tls_hostname_override: uri.tlsHostnameOverride ?? null,
      responder_id_parameter: uri.parameter("responder-id") ?? null,
    }).toEqual({
      host: row.host,
      port: row.port,
      address: row.address,
      use_tls: row.use_tls,
      username: row.username,
      password: row.password,
      tls_hostname_override: row.tls_hostname_override,
      responder_id_parameter: row.responder_id_parameter,
    });
  });

  test.each(loadVectors<MobRow>("uris/mob_uris.jsonl"))("mob $name", (row) => {
    if (row.valid) expect(parseMobUri(row.uri)).toBe(row.payload);
    else expect(() => parseMobUri(row.uri)).toThrow(WireError);
  });
});
