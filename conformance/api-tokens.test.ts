import { hexToBytes } from "@mobilecoin-ts/crypto";
import { tokenAuthenticator } from "@mobilecoin-ts/service";
import { authToken, basicAuthorization } from "@mobilecoin-ts/wire";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface Row {
  readonly name: string;
  readonly secret: string;
  readonly username: string;
  readonly timestamp: string;
  readonly password: string;
  readonly authorization_header: string;
}

describeVectors("api_tokens", () => {
  test.each(loadVectors<Row>("api_tokens/tokens.jsonl"))("$name", (row) => {
    const password = authToken(hexToBytes(row.secret), row.username, BigInt(row.timestamp));
    expect(password).toBe(row.password);
    expect(basicAuthorization(row.username, password)).toBe(row.authorization_header);
    const server = tokenAuthenticator({
      secret: hexToBytes(row.secret),
      now: () => Number(row.timestamp) * 1000,
    });
    expect(server.authenticate(row)).toEqual({ ok: true, username: row.username });
  });
});
