/** What the parts of a node log through; `pino` loggers are of this form. Never given a secret, an amount or a transaction. */
export interface NodeLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): NodeLog;
}
