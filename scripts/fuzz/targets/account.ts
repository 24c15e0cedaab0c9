import {
  AccountError,
  AccountKey,
  type ApiPublicAddress,
  addressOfPrintable,
  apiPublicAddressCodec,
  apiRootIdentityCodec,
  decodeAccountKey,
  decodeApiAccountKey,
  decodeMnemonicAccount,
  decodePrintable,
  decodeViewAccountKey,
  encodeAccountKey,
  encodeMnemonicAccount,
  encodePrintable,
  encodeViewAccountKey,
  formatB58PubFile,
  formatKeyFile,
  formatPubFile,
  type KeyFile,
  type MnemonicKeyFile,
  mnemonicEntropy,
  mnemonicFromEntropy,
  parseB58PubFile,
  parseKeyFile,
  parsePubFile,
  publicAddressCodec,
  publicAddressFromApi,
  rootIdentityCodec,
} from "@mobilecoin-ts/account";
import {
  formatMobUri,
  parseMobUri,
  SERVICES,
  type ServiceKind,
  ServiceUri,
  WireError,
} from "@mobilecoin-ts/wire";
import { decodeBase58Check, encodeBase58Check } from "../../../packages/account/src/base58-check.ts";
import {
  AccountKeySchema,
  PublicAddressSchema,
  RootIdentitySchema,
} from "../../../packages/wire/src/gen/external_pb.ts";
import { PrintableWrapperSchema } from "../../../packages/wire/src/gen/printable_pb.ts";
import { acceptedBy, randomBytes, samplesOf, vectorTexts } from "../corpus.ts";
import { mutateProtobuf } from "../protobuf-mutation.ts";
import type { FuzzRandom } from "../random.ts";
import { type ErrorClass, messageTarget, refusesOnlyWith, type Target, textTarget } from "../target.ts";
import { mutateJson, mutateText } from "../text-mutation.ts";
import { codecTarget } from "./codec-target.ts";

const accountErrors: readonly ErrorClass[] = [AccountError];
const mnemonics = [16, 20, 24, 28, 32].map((length) => mnemonicFromEntropy(randomBytes(length)));
const fog = { reportUrl: "fog://fog.test", reportId: "1", authoritySpki: randomBytes(50) };
const accounts = [undefined, fog].map((details) => AccountKey.random(randomBytes, details));
const addresses = accounts.map((account) => account.defaultSubaddress);

const keyFiles: readonly KeyFile[] = [
  { kind: "mnemonic", mnemonic: mnemonics[4]!, accountIndex: 0 },
  { kind: "mnemonic", mnemonic: mnemonics[0]!, accountIndex: 2 ** 32 - 1, fog },
  { kind: "rootEntropy", rootEntropy: randomBytes(32) },
  { kind: "rootEntropy", rootEntropy: randomBytes(32), fog },
];

const codes = acceptedBy(decodePrintable, [
  ...samplesOf(PrintableWrapperSchema, (bytes) => decodePrintable(encodeBase58Check(bytes))).map(
    encodeBase58Check,
  ),
  ...vectorTexts("b58_wrappers/wrappers.jsonl", "b58"),
]);

/** Fog details that are not all there are read, but not written. */
function withWholeFog<File extends KeyFile>(file: File): File {
  const whole = file.fog !== undefined && file.fog.reportUrl !== "" && file.fog.authoritySpki.length > 0;
  const { fog: _, ...rest } = file;
  return whole ? file : (rest as File);
}

/** Base58 is not made for more. */
const MAX_PAYLOAD = 900;

/** A code with a changed payload under a right checksum, or with changed characters. */
function mutateCode(random: FuzzRandom, sample: string, other: string): string {
  if (random.once(3)) return mutateText(random, sample, other);
  const payload = mutateProtobuf(random, decodeBase58Check(sample), decodeBase58Check(other));
  return encodeBase58Check(payload.subarray(0, MAX_PAYLOAD));
}

/** A phrase with words exchanged, or with changed characters. */
function mutatePhrase(random: FuzzRandom, sample: string, other: string): string {
  if (random.once(3)) return mutateText(random, sample, other);
  const words = sample.split(" ");
  words[random.below(words.length)] = random.pick(other.split(" "));
  return words.join(" ");
}

function serviceUris(kind: ServiceKind): string[] {
  const { scheme } = SERVICES[kind];
  return [
    `${scheme}://node1.test/`,
    `insecure-${scheme}://us%20er:pa%3Ass@node1.test:1234/path?tls-hostname=a.b&responder-id=c:1#end`,
    `${scheme}://[::1]:65535/?consensus-msg-key=MCowBQYDK2VwAyEAUBfht6884a45r0AjFRXgLlnw3yIDllTepWavLrT8Lfk=`,
  ];
}

/** What a URI says of itself; the getters may refuse as the constructor may. */
function readUri(kind: ServiceKind, text: string): ServiceUri {
  const uri = new ServiceUri(kind, text);
  refusesOnlyWith([WireError], () => uri.responderId);
  refusesOnlyWith([WireError], () => uri.consensusMessageKey);
  return uri;
}

/** Addresses, account keys, codes, phrases, key files and URIs. */
export function accountTargets(): Target[] {
  return [
    codecTarget("PublicAddress", publicAddressCodec, { schema: PublicAddressSchema, weight: 100 }),
    codecTarget<ApiPublicAddress>("PublicAddress (API)", apiPublicAddressCodec, {
      schema: PublicAddressSchema,
      weight: 60,
      also: (value) => refusesOnlyWith(accountErrors, () => publicAddressFromApi(value)),
    }),
    // The samples are of the API, whose tag the ledger form reads too.
    codecTarget("RootIdentity", rootIdentityCodec, { samples: rootIdentities(), weight: 60 }),
    codecTarget("RootIdentity (API)", apiRootIdentityCodec, { samples: rootIdentities(), weight: 60 }),
    messageTarget({
      name: "AccountKey",
      weight: 40,
      samples: accounts.map(encodeAccountKey),
      errors: [WireError],
      decode: decodeAccountKey,
      encode: encodeAccountKey,
    }),
    messageTarget({
      name: "AccountKey (API)",
      weight: 40,
      samples: samplesOf(AccountKeySchema, decodeApiAccountKey),
      errors: [WireError, AccountError],
      decode: decodeApiAccountKey,
      encode: encodeAccountKey,
    }),
    messageTarget({
      name: "ViewAccountKey",
      weight: 40,
      samples: accounts.map((account) => encodeViewAccountKey(account.viewAccountKey())),
      errors: [WireError],
      decode: decodeViewAccountKey,
      encode: encodeViewAccountKey,
    }),
    messageTarget({
      name: "mnemonic account",
      weight: 40,
      samples: keyFiles
        .filter((file): file is MnemonicKeyFile => file.kind === "mnemonic")
        .map(encodeMnemonicAccount),
      errors: accountErrors,
      decode: decodeMnemonicAccount,
      encode: (file) => encodeMnemonicAccount(withWholeFog(file)),
    }),
    messageTarget({
      name: ".pub file",
      weight: 40,
      samples: addresses.map(formatPubFile),
      errors: accountErrors,
      decode: parsePubFile,
      encode: formatPubFile,
    }),
    textTarget({
      name: ".b58pub file",
      weight: 20,
      samples: addresses.map(formatB58PubFile),
      mutate: mutateCode,
      errors: accountErrors,
      decode: parseB58PubFile,
      encode: formatB58PubFile,
    }),
    textTarget({
      name: "base58 code",
      weight: 60,
      samples: codes,
      mutate: mutateText,
      errors: accountErrors,
      decode: decodeBase58Check,
      encode: encodeBase58Check,
      canonical: true,
    }),
    textTarget({
      name: "printable code",
      weight: 40,
      samples: codes,
      mutate: mutateCode,
      errors: accountErrors,
      decode: decodePrintable,
      encode: (printable) => (printable.kind === "unknown" ? codes[0]! : encodePrintable(printable)),
      also: (_, code) => refusesOnlyWith(accountErrors, () => addressOfPrintable(code)),
    }),
    textTarget({
      name: "key file",
      weight: 60,
      samples: keyFiles.map(formatKeyFile),
      mutate: mutateJson,
      errors: accountErrors,
      decode: parseKeyFile,
      encode: (file) => formatKeyFile(withWholeFog(file)),
    }),
    textTarget({
      name: "mnemonic",
      weight: 20,
      samples: mnemonics,
      mutate: mutatePhrase,
      errors: accountErrors,
      decode: mnemonicEntropy,
      encode: mnemonicFromEntropy,
    }),
    textTarget({
      name: "mob URI",
      weight: 80,
      samples: codes.map(formatMobUri),
      mutate: mutateText,
      errors: [WireError],
      decode: parseMobUri,
      encode: formatMobUri,
    }),
    ...(["consensusClient", "consensusPeer", "fogReport", "fogViewStore"] as const).map((kind) =>
      textTarget({
        name: `${SERVICES[kind].scheme} URI`,
        weight: 40,
        samples: serviceUris(kind),
        mutate: mutateText,
        errors: [WireError],
        decode: (text) => readUri(kind, text),
        encode: (uri) => uri.href,
      }),
    ),
  ];
}

function rootIdentities(): Uint8Array[] {
  return samplesOf(RootIdentitySchema, (bytes) => rootIdentityCodec.decode(bytes));
}
