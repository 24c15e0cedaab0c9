import { bytesToHex, utf8 } from "@mobilecoin-ts/crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64 } from "@scure/base";
import { WireError } from "./error.ts";

const SECRET_LENGTH = 32;
const MAC_LENGTH = 10;

/**
 * The password a service with a shared secret takes until its lifetime is over: `user:seconds:mac`, the MAC being the
 * first 10 bytes of HMAC-SHA256 over `user:seconds`, in hex (04 section on authentication, 07 section 2.11).
 * @param secret 32 bytes, shared with the service
 * @param unixSeconds time of issue
 * @throws WireError `SecretLength`, `UserName`
 */
export function authToken(secret: Uint8Array, username: string, unixSeconds: bigint): string {
  if (secret.length !== SECRET_LENGTH) {
    throw new WireError("SecretLength", `has ${secret.length} bytes, needs ${SECRET_LENGTH}`, "token secret");
  }
  refuseColon(username);
  const signed = `${username}:${unixSeconds}`;
  const mac = hmac(sha256, secret, utf8(signed)).subarray(0, MAC_LENGTH);
  return `${signed}:${bytesToHex(mac)}`;
}

/** The `authorization` header of a request. @throws WireError `UserName` */
export function basicAuthorization(username: string, password: string): string {
  refuseColon(username);
  return `Basic ${base64.encode(utf8(`${username}:${password}`))}`;
}

function refuseColon(username: string): void {
  if (username.includes(":")) throw new WireError("UserName", "holds a colon", "user name");
}
