import {
  bytesToHex,
  hexToBytes,
  NoiseCipherState,
  NoiseHandshake,
  type NoisePattern,
  NoiseSymmetricState,
  utf8,
} from "@mobilecoin-ts/crypto";
import { expect, test } from "vitest";
import { describeVectors, loadVectors } from "./vectors.ts";

interface HandshakeRow {
  name: string;
  protocol_name: string;
  prologue: string;
  initiator_static_private_key: string;
  initiator_ephemeral_private_key: string;
  responder_static_private_key: string;
  responder_ephemeral_private_key: string;
  handshake_hash: string;
  handshake_messages: { payload: string; ciphertext: string }[];
  transport_messages: { sender: "initiator" | "responder"; payload: string; ciphertext: string }[];
}

interface HashRow {
  name: string;
  protocol_name: string;
  mixed_data: string;
  handshake_hash: string;
}

interface SessionRow {
  name: string;
  protocol_name: string;
  responder_id: string;
  initiator_ephemeral_private_key: string;
  message_1: string;
  message_2: string;
  handshake_hash_after_prologue: string;
  responder_ephemeral_public_key: string;
  responder_static_public_key: string;
  payload: string;
  channel_binding: string;
  initiator_to_responder_key: string;
  responder_to_initiator_key: string;
  first_ciphertext: { counter: string; aad: string; plaintext: string; ciphertext: string };
}

const NONE = new Uint8Array(0);

function patternOf(protocolName: string): NoisePattern {
  const pattern = protocolName.slice(6, 8);
  if (pattern !== "NX" && pattern !== "IX") throw new Error(`unknown pattern ${pattern}`);
  expect(protocolName).toBe(`Noise_${pattern}_25519_AESGCM_SHA512`);
  return pattern;
}

describeVectors("noise", () => {
  for (const row of loadVectors<HandshakeRow>("noise/handshakes.jsonl")) {
    test(row.name, () => {
      const side = (role: "initiator" | "responder") => {
        const key = row[`${role}_static_private_key`];
        return new NoiseHandshake({
          pattern: patternOf(row.protocol_name),
          role,
          prologue: hexToBytes(row.prologue),
          random: () => hexToBytes(row[`${role}_ephemeral_private_key`]),
          ...(key === "" ? {} : { staticPrivateKey: hexToBytes(key) }),
        });
      };
      const sides = { initiator: side("initiator"), responder: side("responder") };
      for (const [i, message] of row.handshake_messages.entries()) {
        const [from, to] =
          i % 2 === 0 ? [sides.initiator, sides.responder] : [sides.responder, sides.initiator];
        expect(bytesToHex(from.write(hexToBytes(message.payload)))).toBe(message.ciphertext);
        expect(bytesToHex(to.read(hexToBytes(message.ciphertext)))).toBe(message.payload);
      }
      const sessions = { initiator: sides.initiator.finish(), responder: sides.responder.finish() };
      expect(bytesToHex(sessions.initiator.binding)).toBe(row.handshake_hash);
      expect(bytesToHex(sessions.responder.binding)).toBe(row.handshake_hash);
      for (const { sender, payload, ciphertext } of row.transport_messages) {
        const receiver = sender === "initiator" ? "responder" : "initiator";
        expect(bytesToHex(sessions[sender].writer.encrypt(NONE, hexToBytes(payload)))).toBe(ciphertext);
        expect(bytesToHex(sessions[receiver].reader.decrypt(NONE, hexToBytes(ciphertext)))).toBe(payload);
      }
    });
  }

  for (const row of loadVectors<HashRow>("noise/handshake_hashes.jsonl")) {
    test(`hash ${row.name}`, () => {
      const state = new NoiseSymmetricState(row.protocol_name);
      state.mixHash(hexToBytes(row.mixed_data));
      expect(bytesToHex(state.hash)).toBe(row.handshake_hash);
    });
  }

  for (const row of loadVectors<SessionRow>("noise/recorded_sessions.jsonl")) {
    test(`session ${row.name}`, () => {
      const client = new NoiseHandshake({
        pattern: patternOf(row.protocol_name),
        role: "initiator",
        prologue: utf8(row.responder_id),
        random: () => hexToBytes(row.initiator_ephemeral_private_key),
      });
      expect(bytesToHex(client.hash)).toBe(row.handshake_hash_after_prologue);
      expect(bytesToHex(client.write(NONE))).toBe(row.message_1);
      expect(bytesToHex(client.read(hexToBytes(row.message_2)))).toBe(row.payload);
      expect(bytesToHex(client.remoteEphemeralKey!)).toBe(row.responder_ephemeral_public_key);
      expect(bytesToHex(client.remoteStaticKey!)).toBe(row.responder_static_public_key);
      const { binding, writer, reader } = client.finish();
      expect(bytesToHex(binding)).toBe(row.channel_binding);
      const first = row.first_ciphertext;
      expect(writer.counter).toBe(BigInt(first.counter));
      const sealed = writer.encrypt(hexToBytes(first.aad), hexToBytes(first.plaintext));
      expect(bytesToHex(sealed)).toBe(first.ciphertext);
      const forth = new NoiseCipherState(hexToBytes(row.initiator_to_responder_key));
      expect(bytesToHex(forth.decrypt(hexToBytes(first.aad), sealed))).toBe(first.plaintext);
      const back = new NoiseCipherState(hexToBytes(row.responder_to_initiator_key));
      expect(reader.decrypt(NONE, back.encrypt(NONE, utf8("reply")))).toEqual(utf8("reply"));
    });
  }
});
