import { mkdirSync } from "node:fs";
import path from "node:path";
import { AppError } from "../lib/errors.ts";
import { acquireProcessLock, LockHeldError, type ProcessLock } from "../lib/locks/process-lock.ts";

/** Makes the folder where it is missing, and keeps a second instance off the journal and the secrets. Throws an {@link AppError} (`conflict`) while one runs. */
export function lockDataFolder(data: string): ProcessLock {
  mkdirSync(data, { recursive: true });
  try {
    return acquireProcessLock(path.join(data, "lock"));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new AppError(
      "conflict",
      `data (KUBEWITNESS_DATA) got ${data}, which a running instance uses (${error.holder}): stop that one, ` +
        "or give this one a folder of its own",
      { cause: error },
    );
  }
}
