import { arch } from "node:process";
import type { ConnectRouter } from "@connectrpc/connect";
import { BuildInfoApi } from "@mobilecoin-ts/wire/gen/build_info_pb";

/** What a server was built from; fields and their names are the reference's (04 section 2.9.4). */
export interface BuildInfo {
  readonly gitCommit: string;
  readonly profile: string;
  readonly debug: string;
  readonly optLevel: string;
  readonly debugAssertions: string;
  readonly targetArch: string;
  readonly targetFeature: string;
  readonly rustflags: string;
  /** `HW` on SGX hardware, `SW` in simulation. */
  readonly sgxMode: string;
}

/** Names in JSON, as the reference's tools print them. */
const JSON_NAMES: Readonly<Record<keyof BuildInfo, string>> = {
  gitCommit: "GIT_COMMIT",
  profile: "PROFILE",
  debug: "DEBUG",
  optLevel: "OPT_LEVEL",
  debugAssertions: "DEBUG_ASSERTIONS",
  targetArch: "CARGO_CFG_TARGET_ARCH",
  targetFeature: "CARGO_CFG_TARGET_FEATURE",
  rustflags: "RUSTFLAGS",
  sgxMode: "SGX_MODE",
};

/** What can be said without being told: run from source, for this processor, in simulation. */
export function buildInfo(known: Partial<BuildInfo> = {}): BuildInfo {
  return {
    gitCommit: "unknown",
    profile: "release",
    debug: "false",
    optLevel: "",
    debugAssertions: "false",
    targetArch: arch === "x64" ? "x86_64" : arch,
    targetFeature: "",
    rustflags: "",
    sgxMode: "SW",
    ...known,
  };
}

export function buildInfoJson(info: BuildInfo): string {
  const entries = Object.entries(JSON_NAMES) as [keyof BuildInfo, string][];
  return JSON.stringify(Object.fromEntries(entries.map(([field, name]) => [name, info[field]])));
}

/** `build_info.BuildInfoApi`. */
export function buildInfoRoutes(router: ConnectRouter, info: BuildInfo = buildInfo()): void {
  router.service(BuildInfoApi, { getBuildInfo: () => ({ ...info }) });
}
