import { NoiseCipherState, utf8 } from "@mobilecoin-ts/crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AttestedSession } from "./attested-session.ts";
import { nonceMessageCodec } from "./messages.ts";

const NONE = new Uint8Array(0);
const refusal = (act: () => unknown, code: string) =>
  expect(act).toThrow(expect.objectContaining({ name: "AttestationError", code }));

function sides(counter = 0n) {
  const [forth, back] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const binding = new Uint8Array(64).fill(3);
  const state = (key: Uint8Array) => new NoiseCipherState(key, counter);
  return {
    client: new AttestedSession({ binding, writer: state(forth), reader: state(back) }),
    server: new AttestedSession({ binding, writer: state(back), reader: state(forth) }),
  };
}

test("a flipped byte in ciphertext or aad is refused, and the session goes on", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (plaintext, aad, at, flip) => {
        const { client, server } = sides();
        const message = client.encrypt(aad, plaintext);
        const whole = [...message.data, ...message.aad];
        whole[at % whole.length]! ^= flip;
        const data = Uint8Array.from(whole.slice(0, message.data.length));
        const altered = { ...message, data, aad: Uint8Array.from(whole.slice(message.data.length)) };
        refusal(() => server.decrypt(altered), "Aead");
        expect(server.decrypt(message)).toEqual(plaintext);
        refusal(() => server.decrypt(message), "Aead");
        expect(client.decrypt(server.encrypt(NONE, aad))).toEqual(aad);
      },
    ),
  );
});

test("messages are read in order, none missing", () => {
  const { client, server } = sides();
  const [one, two] = [client.encrypt(NONE, utf8("1")), client.encrypt(NONE, utf8("2"))];
  refusal(() => server.decrypt(two), "Aead");
  refusal(() => server.decrypt({ ...one, data: one.data.subarray(0, 15) }), "Aead");
  expect(server.decrypt(one)).toEqual(utf8("1"));
  expect(server.decrypt(two)).toEqual(utf8("2"));
  // Its own messages are for the other side.
  refusal(() => client.decrypt(one), "Aead");
});

test("messages with their counter are read in any order, and again; each direction counts for itself", () => {
  const { client, server } = sides();
  const messages = ["0", "1", "2"].map((text) => client.encryptWithNonce(NONE, utf8(text)));
  expect(messages.map(({ nonce }) => nonce)).toEqual([0n, 1n, 2n]);
  for (const index of [2, 0, 2, 1]) {
    expect(server.decryptWithNonce(messages[index]!)).toEqual(utf8(`${index}`));
  }
  expect(server.encryptWithNonce(NONE, NONE).nonce).toBe(0n);
});

test("the counter of a message is taken over even when the message is refused", () => {
  const { client, server } = sides();
  const first = client.encryptWithNonce(NONE, utf8("0"));
  const second = client.encryptWithNonce(NONE, utf8("1"));
  refusal(() => server.decryptWithNonce({ ...first, nonce: 1n }), "Aead");
  // Now at 1, where the second message stands.
  expect(server.decrypt(second)).toEqual(utf8("1"));
});

test("the last counter is never used", () => {
  const { client, server } = sides(0xffff_ffff_ffff_ffffn);
  refusal(() => client.encrypt(NONE, NONE), "ReKeyNeeded");
  refusal(() => server.decrypt({ aad: NONE, data: new Uint8Array(16) }), "ReKeyNeeded");
  const fresh = sides();
  const message = fresh.client.encryptWithNonce(NONE, NONE);
  refusal(() => fresh.server.decryptWithNonce({ ...message, nonce: 0xffff_ffff_ffff_ffffn }), "ReKeyNeeded");
  expect(fresh.server.decryptWithNonce(message)).toEqual(NONE);
});

test("a message with its counter has it at field 4, fixed", () => {
  const message = { aad: Uint8Array.of(1), channelId: Uint8Array.of(2), data: Uint8Array.of(3), nonce: 258n };
  const bytes = [0x0a, 1, 1, 0x12, 1, 2, 0x1a, 1, 3, 0x21, 2, 1, 0, 0, 0, 0, 0, 0];
  expect(nonceMessageCodec.encode(message)).toEqual(Uint8Array.from(bytes));
  expect(nonceMessageCodec.decode(Uint8Array.from(bytes))).toEqual(message);
});
