import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { LogFilter } from "./log-filter.ts";

/** A structured log: pino's. */
export type Logger = PinoLogger;

/** A log that says nothing. */
export const silentLogger: Logger = pino({ level: "silent" });

export interface LoggerOptions {
  /** Which service speaks, and what filters select by: `mc_consensus`. */
  readonly name: string;
  /** A filter such as `info,mc_consensus=debug`; `info` by default. */
  readonly level?: string;
  /** For people instead of machines; by default where the output is a terminal and the formatter is installed. */
  readonly pretty?: boolean;
  /** Where lines go; standard error by default, so that a command's output stays its own. */
  readonly destination?: DestinationStream;
}

/** Fields that hold secrets wherever they stand; what is logged by mistake does not reach the file. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "credentials",
  "entropy",
  "mnemonic",
  "password",
  "privateKey",
  "secret",
  "seed",
  "spendPrivateKey",
  "token",
  "viewPrivateKey",
];

/** Child loggers a change of the filter still reaches. */
const MAX_CHILDREN = 10_000;

/** The filter of a family of loggers. */
class LogControl {
  readonly #name: string;
  readonly #loggers = new Set<WeakRef<Logger>>();
  #text: string;
  #filter: LogFilter;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    this.#filter = LogFilter.parse(text);
  }

  get text(): string {
    return this.#text;
  }

  set(text: string): void {
    this.#filter = LogFilter.parse(text);
    this.#text = text;
    for (const reference of this.#loggers) {
      const logger = reference.deref();
      if (logger === undefined) this.#loggers.delete(reference);
      else this.#apply(logger);
    }
  }

  adopt(logger: Logger): void {
    controls.set(logger, this);
    this.#apply(logger);
    if (this.#loggers.size >= MAX_CHILDREN) this.#sweep();
    if (this.#loggers.size < MAX_CHILDREN) this.#loggers.add(new WeakRef(logger));
  }

  #apply(logger: Logger): void {
    const { module } = logger.bindings();
    logger.level = this.#filter.levelOf(typeof module === "string" ? `${this.#name}.${module}` : this.#name);
  }

  #sweep(): void {
    for (const reference of this.#loggers)
      if (reference.deref() === undefined) this.#loggers.delete(reference);
  }
}

const controls = new WeakMap<Logger, LogControl>();

/**
 * Makes a log: JSON lines, or text on a terminal. A child made by `logger.child({ module: "ledger" })` is what filters
 * call `<name>.ledger`. @throws ServiceError `LogFilter`
 */
export function createLogger(options: LoggerOptions): Logger {
  const { name, level = "info" } = options;
  const control = new LogControl(name, level);
  const pretty =
    options.pretty ?? (options.destination === undefined && process.stderr.isTTY === true && hasPretty());
  const settings: pino.LoggerOptions = {
    name,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[redacted]",
    },
    onChild: (child) => control.adopt(child),
  };
  const logger: Logger = pino(
    settings,
    options.destination ?? (pretty ? prettyStream() : pino.destination(2)),
  );
  control.adopt(logger);
  return logger;
}

/** The filter in force, as it was given; of a logger made elsewhere, its level. */
export function logFilterOf(logger: Logger): string {
  return controls.get(logger)?.text ?? logger.level;
}

/**
 * Replaces the filter of a logger, of all made from it and of the one it was made from; of a logger made elsewhere, its
 * level. @throws ServiceError `LogFilter`; the old filter then stays
 */
export function setLogFilter(logger: Logger, filter: string): void {
  const control = controls.get(logger);
  if (control === undefined) logger.level = LogFilter.parse(filter).levelOf("");
  else control.set(filter);
}

function hasPretty(): boolean {
  try {
    import.meta.resolve("pino-pretty");
    return true;
  } catch {
    return false;
  }
}

function prettyStream(): DestinationStream {
  return pino.transport({
    target: "pino-pretty",
    options: { destination: 2, colorize: process.stderr.isTTY },
  });
}
