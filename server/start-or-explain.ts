import { ConfigError } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";

/** Runs the start; what it is refused for is told in lines of their own, a defect with its stack. Ends the process then. */
export async function startOrExplain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(
      explain(error)
        .map((line) => `error: ${line}\n`)
        .join(""),
    );
    process.exit(1);
  }
}

/** What a start was refused for, a line each; a defect with its stack. */
export function explain(error: unknown): string[] {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof AppError) return [error.message];
  if (isConnectionFailure(error)) {
    return [
      `database.url (DATABASE_URL): PostgreSQL does not answer (${error.code}): start it, or correct the address`,
    ];
  }
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

// 28: authorization, 3D: no such database (PostgreSQL's error classes); the rest are the network's.
function isConnectionFailure(error: unknown): error is { code: string } {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return /^(28|3D)...$|^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ECONNRESET)$/.test(error.code);
}
