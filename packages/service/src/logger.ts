import { type Logger as PinoLogger, pino } from "pino";

/** A structured log: pino's. */
export type Logger = PinoLogger;

/** A log that says nothing. */
export const silentLogger: Logger = pino({ level: "silent" });
