import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { type GramineManifestOptions, gramineManifest } from "./gramine-manifest.ts";

const options: GramineManifestOptions = {
  bundleFile: "/srv/enclave.mjs",
  bundleSha256: new Uint8Array(32).fill(0xab),
  productId: 1,
  securityVersion: 4,
};

describe("a Gramine manifest", () => {
  test("has every key of 05 section 5.1", () => {
    expect(parse(gramineManifest({ ...options, workers: 2, nodeFlags: ["--jitless"] }))).toEqual({
      loader: {
        entrypoint: { uri: "file:{{ gramine.libos }}" },
        log_level: "error",
        argv: ["node", "--jitless", "/enclave/enclave.mjs"],
        env: {
          LD_LIBRARY_PATH: "/lib:/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu",
          MC_ENCLAVE_HOST_PORT: { passthrough: true },
        },
      },
      libos: { entrypoint: "/usr/bin/node" },
      fs: {
        mounts: [
          { path: "/lib", uri: "file:{{ gramine.runtimedir() }}" },
          { path: "/lib/x86_64-linux-gnu", uri: "file:/lib/x86_64-linux-gnu" },
          { path: "/usr/lib/x86_64-linux-gnu", uri: "file:/usr/lib/x86_64-linux-gnu" },
          { path: "/usr/bin/node", uri: "file:/usr/bin/node" },
          { path: "/enclave/enclave.mjs", uri: "file:/srv/enclave.mjs" },
          { type: "tmpfs", path: "/tmp" },
        ],
      },
      sgx: {
        debug: false,
        remote_attestation: "dcap",
        isvprodid: 1,
        isvsvn: 4,
        enclave_size: "4096M",
        max_threads: 34,
        edmm_enable: false,
        use_exinfo: false,
        file_check_policy: "strict",
        allowed_files: [],
        trusted_files: [
          "file:{{ gramine.libos }}",
          "file:{{ gramine.runtimedir() }}/",
          "file:/usr/bin/node",
          "file:/lib/x86_64-linux-gnu/",
          "file:/usr/lib/x86_64-linux-gnu/",
          { uri: "file:/srv/enclave.mjs", sha256: "ab".repeat(32) },
        ],
      },
      sys: { stack: { size: "4M" }, disallow_subprocesses: true },
    });
  });

  test("takes what a machine has, and nothing insecure", () => {
    const text = gramineManifest({
      ...options,
      node: "/opt/node/bin/node",
      libraryFolders: ["/opt/lib/"],
      size: 2n ** 33n,
      debug: true,
      dynamicMemory: true,
      encryptedFolder: "/srv/state",
    });
    expect(parse(text)).toMatchObject({
      libos: { entrypoint: "/usr/bin/node" },
      fs: {
        mounts: expect.arrayContaining([
          { path: "/usr/bin/node", uri: "file:/opt/node/bin/node" },
          { path: "/opt/lib", uri: "file:/opt/lib" },
          { type: "encrypted", path: "/state", uri: "file:/srv/state", key_name: "_sgx_mrenclave" },
        ]),
      },
      sgx: { debug: true, edmm_enable: true, use_exinfo: true, enclave_size: "8192M" },
    });
    expect(text).not.toContain("insecure");
  });

  test.each<[string, Partial<GramineManifestOptions>]>([
    ["a hash of another length", { bundleSha256: new Uint8Array(31) }],
    ["a relative path", { bundleFile: "enclave.mjs" }],
    ["a product id that does not fit", { productId: 65536 }],
    ["a security version that does not fit", { securityVersion: -1 }],
    ["less memory than Node starts with", { size: 2n ** 30n }],
    ["memory that is no power of two", { size: 3n * 2n ** 30n }],
    ["half a worker", { workers: 0.5 }],
  ])("is not made with %s", (_, changed) => {
    expect(() => gramineManifest({ ...options, ...changed })).toThrow(
      expect.objectContaining({ name: "EnclaveError", code: "Bundle" }),
    );
  });
});
