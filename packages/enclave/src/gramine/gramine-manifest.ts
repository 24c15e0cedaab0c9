import { bytesToHex } from "@mobilecoin-ts/crypto";
import { stringify } from "smol-toml";
import { EnclaveError } from "../error.ts";
import { HOST_PORT_VARIABLE } from "../trusted/enclave-main.ts";

/** Where the bundle is inside the enclave. */
const BUNDLE_PATH = "/enclave/enclave.mjs";
const NODE_PATH = "/usr/bin/node";
const LIBRARY_FOLDERS = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"];

/** Node asks for about 1.7 GB as it starts. */
const LEAST_SIZE = 2n ** 31n;
const DEFAULT_SIZE = 2n ** 32n;
/** Main thread, libuv's and V8's threads and Gramine's own. */
const BASE_THREADS = 32;
const STACK_SIZE = "4M";

export interface GramineManifestOptions {
  /** Path of the bundle on the machine where the manifest is signed. */
  readonly bundleFile: string;
  /** SHA-256 of the bundle, 32 bytes: signing fails for any other file. */
  readonly bundleSha256: Uint8Array;
  /** ISVPRODID and ISVSVN, as in the enclave's declaration. */
  readonly productId: number;
  readonly securityVersion: number;
  /** Path of the Node binary on that machine; `/usr/bin/node` unless told. */
  readonly node?: string;
  /** Folders of the shared libraries that Node needs; those of Debian for x86-64 unless told. */
  readonly libraryFolders?: readonly string[];
  /** Flags for Node and V8; they are measured. */
  readonly nodeFlags?: readonly string[];
  /** Size of the enclave in bytes, a power of two of at least 2 GiB; 4 GiB unless told. */
  readonly size?: bigint;
  /** Threads of the enclave's pool, which come on top of Node's own. */
  readonly workers?: number;
  /** Makes a debug enclave: its memory can be read from outside, and clients refuse it. */
  readonly debug?: boolean;
  /** Adds pages as they are needed (EDMM): Linux 6.0 and a processor that can. */
  readonly dynamicMemory?: boolean;
  /** Folder of the host for a mount that Gramine encrypts; none unless told, since enclaves here seal by themselves. */
  readonly encryptedFolder?: string;
}

/**
 * A Gramine manifest (a template for `gramine-manifest`) that runs a trusted program on SGX: everything that runs is
 * measured, nothing of the host's command line or environment comes in but the port it listens on (05 section 5.1).
 *
 * @throws EnclaveError `Bundle` for options that no enclave can have
 */
export function gramineManifest(options: GramineManifestOptions): string {
  const { bundleFile, bundleSha256, productId, securityVersion, nodeFlags = [], workers = 0 } = options;
  const { node = NODE_PATH, libraryFolders = LIBRARY_FOLDERS, size = DEFAULT_SIZE } = options;
  const { debug = false, dynamicMemory = false, encryptedFolder } = options;
  requireOptions(options, size);

  const folders = libraryFolders.map((folder) => folder.replace(/\/+$/, ""));
  return stringify({
    loader: {
      entrypoint: { uri: "file:{{ gramine.libos }}" },
      log_level: "error",
      argv: ["node", ...nodeFlags, BUNDLE_PATH],
      env: {
        LD_LIBRARY_PATH: ["/lib", ...folders].join(":"),
        // A port of the loopback: a wrong one makes an enclave that nobody reaches, and no more.
        [HOST_PORT_VARIABLE]: { passthrough: true },
      },
    },
    libos: { entrypoint: NODE_PATH },
    fs: {
      mounts: [
        { path: "/lib", uri: "file:{{ gramine.runtimedir() }}" },
        ...folders.map((folder) => ({ path: folder, uri: `file:${folder}` })),
        { path: NODE_PATH, uri: `file:${node}` },
        { path: BUNDLE_PATH, uri: `file:${bundleFile}` },
        { type: "tmpfs", path: "/tmp" },
        ...(encryptedFolder === undefined
          ? []
          : [
              {
                type: "encrypted",
                path: "/state",
                uri: `file:${encryptedFolder}`,
                key_name: "_sgx_mrenclave",
              },
            ]),
      ],
    },
    sgx: {
      debug,
      remote_attestation: "dcap",
      isvprodid: productId,
      isvsvn: securityVersion,
      enclave_size: `${size / 2n ** 20n}M`,
      max_threads: BASE_THREADS + workers,
      edmm_enable: dynamicMemory,
      // V8 maps memory without reserving it, which EDMM only takes with this.
      use_exinfo: dynamicMemory,
      file_check_policy: "strict",
      allowed_files: [],
      trusted_files: [
        "file:{{ gramine.libos }}",
        "file:{{ gramine.runtimedir() }}/",
        `file:${node}`,
        ...folders.map((folder) => `file:${folder}/`),
        { uri: `file:${bundleFile}`, sha256: bytesToHex(bundleSha256) },
      ],
    },
    sys: { stack: { size: STACK_SIZE }, disallow_subprocesses: true },
  });
}

function requireOptions(options: GramineManifestOptions, size: bigint): void {
  const { bundleFile, bundleSha256, productId, securityVersion, workers = 0 } = options;
  const isU16 = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffff;
  const refusal =
    bundleSha256.length !== 32
      ? "the bundle's SHA-256 has 32 bytes"
      : !bundleFile.startsWith("/")
        ? "the bundle's path is absolute"
        : !isU16(productId) || !isU16(securityVersion)
          ? "product id and security version are whole numbers of 0 to 65535"
          : size < LEAST_SIZE || (size & (size - 1n)) !== 0n
            ? "the enclave's size is a power of two of at least 2 GiB"
            : !Number.isInteger(workers) || workers < 0
              ? "the number of workers is a whole number"
              : undefined;
  if (refusal !== undefined) throw new EnclaveError("Bundle", `no manifest can be made: ${refusal}`);
}
