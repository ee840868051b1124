import { parseArgs } from "node:util";
import { AppError } from "../lib/errors.ts";

export interface ServerOptions {
  /** A kubeconfig whose contexts are all registered as clusters. */
  kubeconfig?: string;
}

/** Reads the command line after `npm start --`. Throws an {@link AppError} (`invalid_argument`) of one line. */
export function readServerOptions(commandLine: string[]): ServerOptions {
  try {
    const { values } = parseArgs({ args: commandLine, options: { kubeconfig: { type: "string" } } });
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new AppError("invalid_argument", `${reason}; takes --kubeconfig FILE`);
  }
}
