import type { Isolation } from "../isolation/isolation.ts";
import type { KubectlProgram } from "../kubectl/program.ts";

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

/** One shell in one terminal. */
export interface Shell {
  /** What the person typed or pasted. */
  input(data: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Milliseconds since something was typed, or a command wrote something while it ran. */
  idleMs(): number;
  /** Ends what runs, and removes the private directory. */
  close(): Promise<void>;
  /** Settles when the person leaves by `exit` or Ctrl-D. */
  readonly left: Promise<void>;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

export interface ShellOptions {
  host: ShellHost;
  /** The private directory of this session, from {@link Isolation.makeDirectory}. */
  directory: string;
  cluster: string;
  person: string;
  /** The namespace that commands without `-n` speak of. */
  namespace: string;
  /** Lines of earlier sessions, oldest first. */
  history: string[];
  size: TerminalSize;
  kubectl: KubectlProgram;
  isolation: Isolation;
}

/** Opens a shell: it writes its greeting and first prompt, and reads lines until it is closed. */
export function createShell(_options: ShellOptions): Shell {
  throw new Error("not there yet");
}
