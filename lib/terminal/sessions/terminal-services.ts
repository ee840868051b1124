import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import type { RecordingStore } from "../../recordings/store/recording-store.ts";
import type { Shell, ShellOptions } from "../shell/shell.ts";
import type { RunningCommand } from "./command-log.ts";

/** What a terminal's calls go through: the other end of a Unix socket. */
export interface Relay {
  socketPath: string;
  /** Ends every call of it at once. */
  close(): void;
}

/** What the relay says of a call: asked for each, as it may change. */
export interface RelayedTerminal {
  terminalId: string;
  cluster: string;
  /** The terminal's token, and of nobody else's. */
  token: string;
  clientIp(): string | null;
  running(): RunningCommand | null;
}

/** What terminals are made of. */
export interface TerminalServices {
  /** Folder for what belongs to terminals, of this process alone. */
  folder: string;
  redactor: TextRedactor;
  openRelay(socketPath: string, of: RelayedTerminal): Promise<Relay>;
  /** Where the screens are recorded. */
  recordings: RecordingStore;
  /** @throws AppError where shells cannot be kept apart on this machine, in words for the person. */
  makeDirectory(): Promise<string>;
  openShell(options: Omit<ShellOptions, "kubectl" | "isolation">): Shell;
}
