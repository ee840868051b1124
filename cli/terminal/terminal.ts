import { stripVTControlCharacters } from "node:util";

/** What a command may know of and do to where it was started. */
export interface Terminal {
  env: Record<string, string | undefined>;
  /** Whether a person reads what is printed. */
  isInteractive: boolean;
  colours: boolean;
  /** Characters a line; null where nobody reads it. */
  columns: number | null;
  /** A line on stdout: what was asked for. */
  print(line: string): void;
  /** The same without the line's end. Resolves when there is room for more. */
  write(text: string | Uint8Array): Promise<void>;
  /** A line on stderr: what else is to be said. */
  tell(line: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  const isInteractive = stdout.isTTY === true;
  return {
    env,
    isInteractive,
    // https://no-color.org: present and not empty.
    colours: isInteractive && !env.NO_COLOR && env.TERM !== "dumb",
    columns: isInteractive ? (stdout.columns ?? 80) : null,
    print: (line) => void stdout.write(`${line}\n`),
    write: (text) =>
      new Promise((resolve) => {
        if (stdout.write(text)) resolve();
        else stdout.once("drain", resolve);
      }),
    tell: (line) => void stderr.write(`${line}\n`),
  };
}

/**
 * A value of the installation's as a terminal may show it: what people named their pods must not move the cursor or write over other
 * lines.
 */
export function printable(text: string): string {
  // Control characters, and those that turn the direction of what follows.
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
}
