/** States of a platform, from worst to best (05 section 2.11, advisory rule). */
export const TCB_STATUSES = [
  "Revoked",
  "OutOfDateConfigurationNeeded",
  "OutOfDate",
  "ConfigurationAndSWHardeningNeeded",
  "ConfigurationNeeded",
  "SWHardeningNeeded",
  "UpToDate",
] as const;

export type TcbStatus = (typeof TCB_STATUSES)[number];

/** A state with the advisories that name its reasons. */
export interface Advisories {
  readonly ids: readonly string[];
  readonly status: TcbStatus;
}

export function isTcbStatus(text: string): text is TcbStatus {
  return (TCB_STATUSES as readonly string[]).includes(text);
}

/** What an identity puts up with: the advisories its program mitigates or its operators configured away. */
export function allowedAdvisories(
  configAdvisories: readonly string[],
  hardeningAdvisories: readonly string[],
): Advisories {
  const ids = [...new Set([...configAdvisories, ...hardeningAdvisories])];
  if (configAdvisories.length > 0) {
    return {
      ids,
      status: hardeningAdvisories.length > 0 ? "ConfigurationAndSWHardeningNeeded" : "ConfigurationNeeded",
    };
  }
  return { ids, status: hardeningAdvisories.length > 0 ? "SWHardeningNeeded" : "UpToDate" };
}

/** Whether a platform is no worse than allowed, and each of its advisories is allowed; ids are exact strings. */
export function areAdvisoriesAllowed(actual: Advisories, allowed: Advisories): boolean {
  return (
    TCB_STATUSES.indexOf(allowed.status) <= TCB_STATUSES.indexOf(actual.status) &&
    actual.ids.every((id) => allowed.ids.includes(id))
  );
}

/** For messages: `SWHardeningNeeded (INTEL-SA-00334)`. */
export function describeAdvisories({ ids, status }: Advisories): string {
  return ids.length === 0 ? status : `${status} (${ids.join(", ")})`;
}
