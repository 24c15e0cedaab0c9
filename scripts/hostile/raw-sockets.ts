import { connect, type Socket } from "node:net";
import type { FuzzRandom } from "../fuzz/random.ts";

const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** Half-open and slow connections are left alone for so long, milliseconds. */
const LINGER_MS = 300;

/** Bytes on a connection of their own: garbage, broken HTTP/1.1 and HTTP/2, slow ones, and ones that say nothing. */
export function rawConnection(random: FuzzRandom, port: number): Promise<string> {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  switch (random.below(8)) {
    case 0:
      return speak(port, [random.bytes(random.below(2000))]);
    case 1:
      return speak(port, [PREFACE, random.bytes(random.below(2000))]);
    case 2:
      return speak(port, [PREFACE, ...Array.from({ length: 1 + random.below(20) }, () => h2Frame(random))]);
    case 3:
      return speak(port, [PREFACE.subarray(0, random.below(PREFACE.length))], LINGER_MS);
    case 4:
      return speak(port, [
        text(
          random.pick([
            "GET / HTTP/1.1\r\n\r\n",
            "POST /consensus_common.BlockchainAPI/GetBlocks HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffff\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
            "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n",
            `GET /${"a".repeat(random.below(40_000))} HTTP/1.1\r\nhost: x\r\n\r\n`,
            `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(random.below(3000))}\r\n`,
          ]),
        ),
      ]);
    case 5:
      return speak(
        port,
        [...text("POST / HTTP/1.1\r\nhost: x\r\n")].slice(0, 12).map((byte) => Uint8Array.of(byte)),
        20,
      );
    case 6:
      return speak(port, [], LINGER_MS);
    default:
      // A TLS hello where none is expected.
      return speak(port, [Uint8Array.of(0x16, 3, 1, 2, 0, 1), random.bytes(512)]);
  }
}

/** A frame with a true or false length, of any type, for any stream. */
function h2Frame(random: FuzzRandom): Uint8Array {
  const payload = random.bytes(random.below(100));
  const length = random.once(8) ? random.below(2 ** 24) : payload.length;
  const stream = random.pick([0, 1, 3, 5, 2 ** 31 - 1]);
  const head = new Uint8Array(9);
  const view = new DataView(head.buffer);
  view.setUint32(0, length * 256 + random.below(random.once(4) ? 256 : 11));
  head[4] = random.below(256);
  view.setUint32(5, stream);
  const frame = new Uint8Array(9 + payload.length);
  frame.set(head);
  frame.set(payload, 9);
  return frame;
}

async function speak(port: number, pieces: readonly Uint8Array[], pauseMs = 0): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  let ended = "left";
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  socket.on("error", () => {
    ended = "connection reset";
  });
  socket.on("data", () => {
    ended = "answered";
  });
  socket.once("end", () => {
    if (ended === "left") ended = "closed";
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const patience = setTimeout(() => socket.destroy(), Math.max(pauseMs, LINGER_MS));
  await closed;
  clearTimeout(patience);
  return ended;
}
