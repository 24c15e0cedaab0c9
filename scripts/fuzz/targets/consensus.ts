import {
  ConsensusError,
  type ConsensusValue,
  decodeConsensusMessage,
  decodeTxProposeAad,
  encodeConsensusMessage,
  encodeTxProposeAad,
  formatMintTransaction,
  formatNetworkConfig,
  type MintTransaction,
  parseMintConfigFile,
  parseMintTransaction,
  parseNetworkConfig,
  parseSignature,
  parseTokensConfig,
} from "@mobilecoin-ts/consensus";
import { bytesToHex, encodeEd25519PublicDer, encodePem } from "@mobilecoin-ts/crypto";
import type { Topic } from "@mobilecoin-ts/scp";
import type { MintConfigTx, MintTx } from "@mobilecoin-ts/transaction";
import { mutateBytes } from "../byte-mutation.ts";
import { ed25519Keys, points, randomBytes } from "../corpus.ts";
import { bytesTarget, type ErrorClass, type Target, textTarget } from "../target.ts";
import { mutateJson, mutateText } from "../text-mutation.ts";

const errors: readonly ErrorClass[] = [ConsensusError];

const mintTx: MintTx = {
  prefix: {
    tokenId: 1n,
    amount: 2n ** 64n - 1n,
    viewPublicKey: points[2]!,
    spendPublicKey: points[3]!,
    nonce: randomBytes(64),
    tombstoneBlock: 10n,
    eFogHint: randomBytes(84),
  },
  signature: [randomBytes(64)],
};

const signerSet = { individualSigners: [ed25519Keys[0]!, ed25519Keys[1]!], multiSigners: [], threshold: 1 };

const mintConfigTx: MintConfigTx = {
  prefix: {
    tokenId: 1n,
    configs: [{ tokenId: 1n, signerSet: { ...signerSet, multiSigners: [signerSet] }, mintLimit: 5n }],
    nonce: randomBytes(64),
    tombstoneBlock: 10n,
    totalMintLimit: 5n,
  },
  signature: [],
};

const mintTransactions: readonly MintTransaction[] = [
  { kind: "mintTx", tx: mintTx },
  { kind: "mintConfigTx", tx: mintConfigTx },
];
const values: readonly ConsensusValue[] = [
  { kind: "txHash", hash: randomBytes(32) },
  ...mintTransactions.toReversed(),
];
const ballot = { counter: 3, values };
const prepare = { b: ballot, p: { counter: 2, values: [values[0]!] }, pp: undefined, cn: 1, hn: 2 };
const topics: readonly Topic<ConsensusValue>[] = [
  { kind: "nominate", x: values, y: [] },
  { kind: "nominatePrepare", x: [], y: [values[0]!], ...prepare },
  { kind: "prepare", ...prepare },
  { kind: "commit", b: ballot, pn: 1, cn: 2, hn: 3 },
  { kind: "externalize", c: ballot, hn: 2 ** 32 - 1 },
];
const [sender, ...others] = ed25519Keys.map((publicKey, i) => ({
  responderId: `node${i}.test:8443`,
  publicKey,
}));

const messages = topics.map((topic) =>
  encodeConsensusMessage({
    message: {
      sender: sender!,
      slotIndex: 7n,
      quorumSet: {
        threshold: 2,
        members: [
          { kind: "node", node: others[0]! },
          { kind: "absent" },
          { kind: "innerSet", set: { threshold: 1, members: [{ kind: "node", node: others[1]! }] } },
        ],
      },
      topic,
    },
    previousBlockId: randomBytes(32),
    signature: randomBytes(64),
  }),
);

const peer = (i: number) => `mcp://node${i}.test:8443/?consensus-msg-key=${bytesToHex(ed25519Keys[i]!)}`;
const single = (i: number) => ({
  type: "Single",
  pub_key: encodePem("PUBLIC KEY", encodeEd25519PublicDer(ed25519Keys[i]!)),
});

const network = JSON.stringify({
  broadcast_peers: [peer(1), peer(2)],
  known_peers: [peer(3)],
  tx_source_urls: ["https://archive.test/"],
  quorum_set: {
    threshold: 1,
    members: [
      { type: "Node", args: "node1.test:8443" },
      { type: "InnerSet", args: { threshold: 1, members: [{ type: "Node", args: "node2.test:8443" }] } },
    ],
  },
});

const networkToml = `broadcast_peers = ["${peer(1)}"]
tx_source_urls = ["https://archive.test/"]
[quorum_set]
threshold = 1
members = [{ type = "Node", args = "node1.test:8443" }]
`;

const governors = {
  type: "MultiSig",
  threshold: 1,
  signers: [
    single(0),
    { type: "Identity", name: "a" },
    { type: "MultiSig", threshold: 1, signers: [single(1), single(2)] },
  ],
};

const tokens = JSON.stringify({
  governors_signature: bytesToHex(randomBytes(64)),
  tokens: [
    { token_id: 0, minimum_fee: 400_000_000, allow_any_fee: false },
    { token_id: 1, minimum_fee: 1024, signer_identities: { a: single(3) }, governors },
  ],
});

const mintConfig = JSON.stringify({
  token_id: 1,
  configs: [{ mint_limit: 10, minters: governors }],
  nonce: bytesToHex(randomBytes(64)),
  tombstone_block: 100,
  total_mint_limit: 10,
  signer_identities: { a: single(3) },
});

/** Messages of consensus, and the files of its operators and minters. */
export function consensusTargets(): Target[] {
  return [
    bytesTarget({
      name: "ConsensusMsg",
      weight: 60,
      samples: messages,
      mutate: mutateBytes,
      errors,
      decode: decodeConsensusMessage,
      encode: encodeConsensusMessage,
    }),
    bytesTarget({
      name: "TxProposeAAD",
      weight: 40,
      samples: [encodeTxProposeAad({ originNode: sender!, relayedBy: "node2.test:8443" })],
      mutate: mutateBytes,
      errors,
      decode: decodeTxProposeAad,
      encode: encodeTxProposeAad,
    }),
    textTarget({
      name: "network.json",
      weight: 30,
      samples: [network],
      mutate: mutateJson,
      errors,
      decode: (text) => parseNetworkConfig(text, "json"),
      encode: formatNetworkConfig,
    }),
    textTarget({
      name: "network.toml",
      weight: 20,
      samples: [networkToml],
      mutate: mutateText,
      errors,
      decode: (text) => parseNetworkConfig(text, "toml"),
    }),
    textTarget({
      name: "tokens.json",
      weight: 30,
      samples: [tokens],
      mutate: mutateJson,
      errors,
      decode: parseTokensConfig,
    }),
    textTarget({
      name: "mint configuration file",
      weight: 30,
      samples: [mintConfig],
      mutate: mutateJson,
      errors,
      decode: parseMintConfigFile,
    }),
    textTarget({
      name: "mint transaction file",
      weight: 30,
      samples: mintTransactions.map(formatMintTransaction),
      mutate: mutateJson,
      errors,
      decode: parseMintTransaction,
      encode: formatMintTransaction,
    }),
    textTarget({
      name: "signature",
      weight: 10,
      samples: [bytesToHex(randomBytes(64))],
      mutate: mutateText,
      errors,
      decode: parseSignature,
    }),
  ];
}
