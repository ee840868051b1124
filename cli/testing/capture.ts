import type { Terminal } from "../terminal/terminal.ts";

/** A terminal that keeps what is printed on it. */
export interface Captured extends Terminal {
  stdout: string;
  stderr: string;
}

export function capture(
  env: Record<string, string>,
  how: { columns?: number; colours?: boolean } = {},
): Captured {
  const captured: Captured = {
    env,
    isInteractive: how.columns !== undefined,
    colours: how.colours ?? false,
    columns: how.columns ?? null,
    stdout: "",
    stderr: "",
    print(line) {
      captured.stdout += `${line}\n`;
    },
    async write(text) {
      captured.stdout += text;
    },
    tell(line) {
      captured.stderr += `${line}\n`;
    },
  };
  return captured;
}
