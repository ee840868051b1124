/** What a shell asks of the session that it runs in. */
export interface ShellHost {
  /** Writes to the person's terminal. */
  write(data: Uint8Array): void;
  /** Back-pressure: resolves when the terminal takes more; undefined where it takes more now. */
  room(): Promise<void> | undefined;
  /** Puts the whole line on the record before it runs; throws where it cannot be, and then it does not run. */
  commandStarted(line: string): Promise<{ id: string }>;
  commandEnded(id: string, outcome: { exitCode: number; durationMs: number }): Promise<void>;
  /** Unix socket whose other end is the gateway as this person on this cluster; calls on it belong to the running command. */
  readonly apiSocket: string;
  /** `kubectl edit`: an editor in the page. Null where the person gives up. */
  edit(input: { name: string; text: string }): Promise<string | null>;
  /** Offers a file of the private directory to the person's browser; `path` is readable until the promise settles. */
  offerDownload(name: string, path: string): Promise<void>;
  /** Asks the person for a file of hers; the shell moves `path` into the private directory. Null where she gives up. */
  askUpload(): Promise<{ name: string; path: string } | null>;
  /** Keeps a line in the person's history, also for later sessions. */
  saveHistory(line: string): void;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}
