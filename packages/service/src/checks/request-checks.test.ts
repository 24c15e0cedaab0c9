import { Code, ConnectError, createClient, createContextValues } from "@connectrpc/connect";
import { utf8 } from "@mobilecoin-ts/crypto";
import { authToken, basicAuthorization, ServiceUri } from "@mobilecoin-ts/wire";
import { Health } from "@mobilecoin-ts/wire/gen/health_pb";
import { describe, expect, test } from "vitest";
import { tokenCredentials } from "../client/credentials.ts";
import { grpcTransport } from "../client/grpc-transport.ts";
import { rawHeadersKey } from "../server/raw-headers.ts";
import { startServer } from "../server/start-server.ts";
import { tokenAuthenticator } from "./authenticator.ts";
import { type CheckedCall, requestChecks } from "./request-checks.ts";

const SECRET = new Uint8Array(32).fill(0x42);
const TIME = 1_700_000_000;
const TOKEN = "user123:1700000000:1d9551bc453312b41ee3";
const latin1 = (text: string) => String.fromCharCode(...utf8(text));
const base64 = (text: string) => Buffer.from(text).toString("base64");

function call(...headers: string[]): CheckedCall {
  return {
    requestHeader: new Headers(),
    values: createContextValues().set(rawHeadersKey, [":path", "/", ...headers]),
  };
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConnectError) return [Code[error.code], error.rawMessage];
    throw error;
  }
}

describe("chain-id", () => {
  const check = (...headers: string[]) =>
    outcome(() => requestChecks({ chainId: "testné" }).checkChainId(call(...headers)));
  const mismatch = ["FailedPrecondition", "chain-id mismatch: 'testné'"];

  test("may be absent or right, byte for byte", () => {
    expect(check()).toBeUndefined();
    expect(check("chain-id", latin1("testné"))).toBeUndefined();
    expect(check("Chain-Id", latin1("testné"), "chain-id", latin1("testné"))).toBeUndefined();
  });

  test.each([["test"], ["testné"], [""], [latin1("Testné")]])("is refused as %j", (given) => {
    expect(check("chain-id", given)).toEqual(mismatch);
  });

  test("is refused when any occurrence is wrong", () => {
    expect(check("chain-id", latin1("testné"), "chain-id", "other")).toEqual(mismatch);
  });
});

describe("authorization", () => {
  let now = TIME * 1000;
  const authenticator = tokenAuthenticator({ secret: SECRET, maxLifetimeSeconds: 100, now: () => now });
  const authenticate = (...headers: string[]) =>
    outcome(() => requestChecks({ authenticator }).authenticate(call(...headers)));
  const withPassword = (password: string, user = "user123", at = TIME * 1000) => {
    now = at;
    return authenticate("authorization", basicAuthorization(user, password));
  };
  const refused = (text: string) => ["Unauthenticated", text];
  const invalid = refused("Invalid user authorization token");
  const expired = refused("Expired user authorization token");

  test("takes the recorded token, and words after the second", () => {
    expect(withPassword(TOKEN)).toBe("user123");
    expect(authenticate("Authorization", `${basicAuthorization("user123", TOKEN)} more`)).toBe("user123");
  });

  test("is needed", () => {
    expect(authenticate()).toEqual(refused("Unauthenticated"));
  });

  const malformed: [string, string][] = [
    ["Bearer abc", "Unsupported authorization method"],
    ["basic YTpi", "Unsupported authorization method"],
    ["", "Unsupported authorization method"],
    ["Basic", "Invalid authorization header"],
    ["Basic YTp", "Invalid authorization header"],
    ["Basic YTp=", "Invalid authorization header"],
    ["Basic YTpj_w==", "Invalid authorization header"],
    ["Basic YTqi\xff", "Invalid authorization header"],
    ["\xff YTpi", "Invalid authorization header"],
    ["Basic  YTpi", "Invalid credentials"],
    [`Basic ${base64("no colon")}`, "Invalid credentials"],
    [`Basic ${Buffer.from([0xff, 0x3a]).toString("base64")}`, "Invalid credentials"],
  ];

  test.each(malformed)("is refused as %j with %s, anonymous servers included", (header, text) => {
    const whole = refused(`Authorization header error: ${text}`);
    expect(authenticate("authorization", header)).toEqual(whole);
    expect(outcome(() => requestChecks({}).authenticate(call("authorization", header)))).toEqual(whole);
  });

  test("is not needed on an anonymous server", () => {
    const anonymous = (...headers: string[]) =>
      outcome(() => requestChecks({}).authenticate(call(...headers)));
    expect(anonymous()).toBeUndefined();
    expect(anonymous("authorization", "Basic YTpiOmM=")).toBe("a");
  });

  test.each([
    ["two parts", "user123:1700000000"],
    ["four parts", `${TOKEN}:`],
    ["another user", TOKEN.replace("user123", "user124")],
    ["a time that is no number", "user123:17e8:1d9551bc453312b41ee3"],
    ["a time beyond u64", "user123:18446744073709551616:1d9551bc453312b41ee3"],
    ["a wrong MAC", TOKEN.replace("1d95", "1d96")],
    ["a MAC cut short", TOKEN.slice(0, -2)],
    ["a MAC too long", `${TOKEN}00`],
    ["a MAC that is no hex", `${TOKEN.slice(0, -2)}zz`],
  ])("is invalid with %s", (_name, password) => {
    expect(withPassword(password)).toEqual(invalid);
  });

  test("ends with its lifetime, either way", () => {
    expect(withPassword(TOKEN, "user123", (TIME + 100) * 1000 - 1)).toBe("user123");
    expect(withPassword(TOKEN, "user123", (TIME + 100) * 1000)).toEqual(expired);
    expect(withPassword(TOKEN, "user123", (TIME - 100) * 1000)).toEqual(expired);
    expect(withPassword(TOKEN, "user123", (TIME - 100) * 1000 + 1)).toBe("user123");
  });

  test("is judged in order: shape, user, time, MAC", () => {
    const late = (TIME + 1000) * 1000;
    expect(withPassword(`${TOKEN}:`, "user123", late)).toEqual(invalid);
    expect(withPassword(TOKEN, "other", late)).toEqual(invalid);
    expect(withPassword(TOKEN.replace("1d95", "1d96"), "user123", late)).toEqual(expired);
  });

  test("needs a secret of 32 bytes", () => {
    expect(() => tokenAuthenticator({ secret: new Uint8Array(31) })).toThrow(
      expect.objectContaining({ code: "TokenSecret" }),
    );
  });
});

test("credentials are made anew at half their lifetime and when refused", () => {
  let now = 0;
  const credentials = tokenCredentials({
    username: "a",
    secret: SECRET,
    lifetimeSeconds: 100,
    now: () => now,
  });
  const at = (seconds: bigint) => basicAuthorization("a", authToken(SECRET, "a", seconds));
  now = 50_000;
  expect(credentials.authorization()).toBe(at(0n));
  now = 51_000;
  expect(credentials.authorization()).toBe(at(51n));
  now = 52_000;
  credentials.clear();
  expect(credentials.authorization()).toBe(at(52n));
});

test("over a socket: chain and token are sent, repeated headers seen, texts arrive whole", async () => {
  const checks = requestChecks({ chainId: "testné", authenticator: tokenAuthenticator({ secret: SECRET }) });
  await using server = await startServer({
    listen: new ServiceUri("consensusClient", "insecure-mc://127.0.0.1:0/"),
    routes: (router) => {
      router.service(Health, {
        ping: ({ data }, context) => {
          checks.checkChainId(context);
          checks.authenticate(context);
          return { data };
        },
      });
    },
  });
  const ping = async (options: Parameters<typeof grpcTransport>[1], headers: [string, string][] = []) => {
    using transport = grpcTransport(server.uri, options);
    try {
      await createClient(Health, transport).ping({}, { headers });
      return "ok";
    } catch (error) {
      return ConnectError.from(error).rawMessage;
    }
  };
  const credentials = tokenCredentials({ username: "a", secret: SECRET });
  expect(await ping({ chainId: "testné", credentials })).toBe("ok");
  expect(await ping({ chainId: "testné" })).toBe("Unauthenticated");
  expect(await ping({ chainId: "other", credentials })).toBe("chain-id mismatch: 'testné'");
  expect(
    await ping({ credentials }, [
      ["chain-id", latin1("testné")],
      ["chain-id", "other"],
    ]),
  ).toBe("chain-id mismatch: 'testné'");
});
