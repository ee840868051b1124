import { CLOSE_CODES, type ServerMessage } from "./schema.ts";
import type { TerminalEnd } from "./terminal-end.ts";

/** A browser that is connected to a terminal. */
export interface TerminalConnection {
  /** Where it is; null where that cannot be told. */
  readonly clientIp: string | null;
  output(data: Uint8Array): void;
  message(message: ServerMessage): void;
  close(code: number, reason: string): void;
}

/** The last that it hears. */
export function tellEnd(connection: TerminalConnection, { kind, reason }: TerminalEnd): void {
  connection.message({ type: "ended", kind, reason });
  connection.close(CLOSE_CODES.ended, "the terminal has ended");
}
