import { enclaveMain, seal, unseal } from "@mobilecoin-ts/enclave/trusted";
import { consensusEnclave } from "../enclave-api/index.ts";
import { ConsensusProgram } from "./consensus-program.ts";
import { handlersOf } from "./handlers.ts";
import { VALIDATION_TASK, validateIn, validationTask } from "./validation.ts";

const BLOCK_SIGNING_KEY = "consensus block signing key";

enclaveMain({
  declaration: consensusEnclave,
  bundle: new URL(import.meta.url),
  tasks: { [VALIDATION_TASK]: validationTask },
  setup: ({ platform, pool }) =>
    handlersOf(
      new ConsensusProgram({
        platform,
        sealing: {
          seal: (plaintext) => seal(platform, BLOCK_SIGNING_KEY, plaintext),
          unseal: (sealed) => unseal(platform, BLOCK_SIGNING_KEY, sealed),
        },
        validate: validateIn(pool),
      }),
    ),
});
