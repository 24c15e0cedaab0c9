import { f, message } from "@mobilecoin-ts/wire";
import { call, defineEnclave } from "../declaration.ts";

/** The one message of the demonstration enclave: bytes and a word. */
export interface DemoMessage {
  readonly bytes: Uint8Array;
  readonly word: string;
}

const demoCodec = message<DemoMessage>("DemoMessage", { bytes: f.bytes(1), word: f.string(2) });
const demoCall = call(demoCodec, demoCodec, { maxInput: 4096, maxOutput: 4096 });

/** An enclave that does what the tests of the boundary need. */
export const demoEnclave = defineEnclave({
  name: "demo",
  productId: 7,
  securityVersion: 1,
  calls: {
    /** Answers with what it got. */
    echo: demoCall,
    /** Answers after as many milliseconds as there are bytes. */
    wait: demoCall,
    /** Answers with twice 4096 bytes, which is too much. */
    flood: demoCall,
    /** Fails with a code and data. */
    refuse: demoCall,
    /** Fails with an error nobody thought of. */
    stumble: demoCall,
    /** Runs the named task. */
    task: demoCall,
    /** Seals or opens for the named purpose. */
    seal: demoCall,
    unseal: demoCall,
    /** Writes to the log. */
    log: demoCall,
    /** Names the environment variables that the program sees, and its process. */
    environment: demoCall,
    /** Ends the program at once. */
    die: demoCall,
    /** Has no handler. */
    nobody: demoCall,
  },
});
