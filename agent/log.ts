/** What a line of the log has beside its time, level and message. Never a secret. */
export type LogFields = Record<string, string | number | boolean | null | undefined | string[]>;

/** Writes lines of JSON, as the gateway's own log has them: `{"level","time",…fields,"msg"}`. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** A log that hands each line, with its end, to `write`. */
export function createLog(write: (line: string) => void): Log {
  const at = (level: "info" | "warn" | "error") => (fields: LogFields, message: string) => {
    write(`${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg: message })}\n`);
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** An error in one line: its message and, where it has one, the code of Node. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that were tried, Node keeps the reasons in `errors` and says nothing itself.
  const message = error instanceof AggregateError ? error.errors.map(errorText).join("; ") : error.message;
  return message.replaceAll(/\s+/g, " ") || ((error as NodeJS.ErrnoException).code ?? error.name);
}
