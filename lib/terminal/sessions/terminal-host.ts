import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { processState } from "../../process-state.ts";
import { requireOwner } from "./terminal-owner.ts";
import type { Terminals } from "./terminals.ts";

const state = processState("terminal/terminals", () => ({ terminals: null as Terminals | null }));

/** Lets the console's part of the process reach its terminals; null: there are none any more. */
export function publishTerminals(terminals: Terminals | null): void {
  state.terminals = terminals;
}

/**
 * Asks the terminals of this process. Next has copies of every module: what theirs throw is thrown again as an error of this one's.
 * @throws AppError `permission_denied` for who came without a console session, `unavailable` where this process has none.
 */
export async function askTerminals<T>(
  ctx: Context,
  ask: (terminals: Terminals) => T | Promise<T>,
): Promise<T> {
  requireOwner(ctx);
  if (!config().webShell.enabled) {
    throw new AppError("permission_denied", "The web shell is off in this installation (webShell.enabled).");
  }
  const { terminals } = state;
  if (!terminals) {
    throw new AppError("unavailable", "The web shell is not there at the moment. Try again.", {
      retryAfterSeconds: 5,
    });
  }
  try {
    return await ask(terminals);
  } catch (error) {
    throw isAppError(error) ? ownAppError(error) : error;
  }
}

const isAppError = (error: unknown): error is AppError => error instanceof Error && error.name === "AppError";

function ownAppError({ code, message, details, retryAfterSeconds }: AppError): AppError {
  return new AppError(code, message, { details, retryAfterSeconds: retryAfterSeconds ?? undefined });
}
