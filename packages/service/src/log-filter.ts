import { ServiceError } from "./error.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LEVELS)[number];

/** Names in filters; `off` is the reference's word for silence. */
const LEVEL_OF: ReadonlyMap<string, LogLevel> = new Map<string, LogLevel>([
  ...LEVELS.map((level): [string, LogLevel] => [level, level]),
  ["off", "silent"],
  ["warning", "warn"],
  ["critical", "fatal"],
]);

const MAX_FILTER_LENGTH = 4096;

/** What of a log is wanted: `info,mc_consensus=debug`, in the manner of RUST_LOG (04 section 2.9.4). */
export class LogFilter {
  readonly #default: LogLevel;
  readonly #targets: readonly (readonly [string, LogLevel])[];

  private constructor(byDefault: LogLevel, targets: readonly (readonly [string, LogLevel])[]) {
    this.#default = byDefault;
    // The longest prefix decides; of equal ones the last written.
    this.#targets = targets.toReversed().sort(([a], [b]) => b.length - a.length);
  }

  /**
   * Parts are separated by commas: a level for all, `target=level` for a logger and those below it (`a` covers `a::b`
   * and `a.b`), or a bare target for all of its messages. Without a level for all it is `error`; an empty text is
   * `info`. @throws ServiceError `LogFilter`
   */
  static parse(text: string): LogFilter {
    if (text.length > MAX_FILTER_LENGTH)
      throw refusal(`has ${text.length} characters, at most ${MAX_FILTER_LENGTH}`);
    const parts = text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    let byDefault: LogLevel = parts.length === 0 ? "info" : "error";
    const targets: [string, LogLevel][] = [];
    for (const part of parts) {
      const [target = "", levelName, ...more] = part.split("=");
      const alone = levelName === undefined ? LEVEL_OF.get(target.toLowerCase()) : undefined;
      if (alone !== undefined) {
        byDefault = alone;
        continue;
      }
      const level = levelName === undefined ? "trace" : LEVEL_OF.get(levelName.trim().toLowerCase());
      if (level === undefined || more.length > 0) throw refusal(`has the part ${JSON.stringify(part)}`);
      if (!/^[\w:.\-/@]+$/.test(target)) throw refusal(`has the part ${JSON.stringify(part)}`);
      targets.push([target, level]);
    }
    return new LogFilter(byDefault, targets);
  }

  /** The least level a logger of this name writes. */
  levelOf(name: string): LogLevel {
    const found = this.#targets.find(
      ([target]) => name === target || name.startsWith(`${target}::`) || name.startsWith(`${target}.`),
    );
    return found?.[1] ?? this.#default;
  }
}

function refusal(what: string): ServiceError {
  return new ServiceError(
    "LogFilter",
    `the log filter ${what}; write level,target=level,… with ${LEVELS.join(", ")}`,
  );
}
