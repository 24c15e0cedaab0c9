import { setTimeout as sleep } from "node:timers/promises";
import { utf8 } from "@mobilecoin-ts/crypto";
import { type EnclaveHandlers, enclaveMain, seal, unseal } from "../trusted/index.ts";
import { type DemoMessage, demoEnclave } from "./demo-declaration.ts";

const MEASUREMENT_LENGTH = 32;
const NO_BYTES = new Uint8Array(0);

class Refusal extends Error {
  readonly code = "NotToday";
  readonly data = { day: "Monday", secret: 7 };
}

const withBytes = (bytes: Uint8Array): DemoMessage => ({ bytes, word: "" });

enclaveMain({
  declaration: demoEnclave,
  bundle: new URL(import.meta.url),
  tasks: {
    double: (input) => input.map((byte) => byte * 2),
    fail: () => {
      throw new Error("a task failed");
    },
    die: () => process.exit(3),
  },
  setup: ({ platform, pool, log }) => {
    if (platform.mrEnclave.length !== MEASUREMENT_LENGTH) throw new Error("no measurement");
    const handlers: Omit<EnclaveHandlers<typeof demoEnclave>, "nobody"> = {
      echo: (input) => input,
      wait: async (input) => {
        await sleep(input.bytes.length);
        return input;
      },
      flood: () => withBytes(new Uint8Array(8192)),
      refuse: () => {
        throw new Refusal("not on this day");
      },
      stumble: () => {
        throw new TypeError("the key is 1234");
      },
      task: async ({ bytes, word }) => withBytes(await pool.run(word, bytes)),
      seal: ({ bytes, word }) => withBytes(seal(platform, word, bytes)),
      unseal: ({ bytes, word }) => withBytes(unseal(platform, word, bytes)),
      log: ({ word }) => {
        log("info", word);
        return withBytes(NO_BYTES);
      },
      environment: () => ({ bytes: utf8(Object.keys(process.env).join()), word: `${process.pid}` }),
      die: () => process.exit(9),
    };
    return handlers as EnclaveHandlers<typeof demoEnclave>;
  },
});
