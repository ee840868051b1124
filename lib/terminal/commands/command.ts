import type { PrivateFiles } from "../isolation/private-files.ts";

/** What a helper of the gateway's own has to do with. */
export interface CommandContext {
  /** Without the helper's name. */
  words: string[];
  /** What comes by `|` or `<`; null where nothing does. */
  input: AsyncIterable<Buffer> | null;
  /** Writes to what follows, and waits where that is slow. Throws where it takes no more. */
  write(data: string | Uint8Array): Promise<void>;
  /** Words about what went wrong, to the terminal. */
  complain(text: string): void;
  files: PrivateFiles;
  shell: CommandShell;
  /** Ends where the person pressed Ctrl-C. */
  signal: AbortSignal;
  /** The terminal, where the helper is the last of a line and has it to itself. */
  terminal: CommandTerminal | null;
}

/** What helpers ask of the shell. */
export interface CommandShell {
  readonly cluster: string;
  readonly person: string;
  namespace: string;
  readonly history: readonly string[];
  /** Names of the namespaces, null where they cannot be listed. */
  namespaces(): Promise<string[] | null>;
  upload(): Promise<{ name: string; path: string } | null>;
  download(name: string, path: string): Promise<void>;
  leave(): void;
}

export interface CommandTerminal {
  size(): { columns: number; rows: number };
  /** What is typed, while the helper runs. */
  keys(): AsyncIterable<Uint8Array>;
}

/** A helper: returns its exit code. */
export interface Command {
  /** For `help`, e.g. `grep [-ivnc] TEXT [FILE]`. */
  usage: string;
  about: string;
  run(context: CommandContext): Promise<number>;
}
