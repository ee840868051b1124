import { parseArgs } from "node:util";
import { AppError } from "../lib/errors.ts";

export interface ServerOptions {
  /** A kubeconfig whose contexts are all registered as clusters. */
  kubeconfig?: string;
  /** The e-mail address of a local administrator to make: that is done in place of serving, also beside an installation that serves. */
  createAdministrator?: string;
  /** Their name. */
  name?: string;
}

const TAKES = "takes --kubeconfig FILE, or --create-administrator EMAIL [--name NAME]";

/** Reads the command line after `npm start --`. Throws an {@link AppError} (`invalid_argument`) of one line. */
export function readServerOptions(commandLine: string[]): ServerOptions {
  const values = parse(commandLine);
  const { kubeconfig, name, "create-administrator": createAdministrator } = values;
  if (name !== undefined && createAdministrator === undefined) throw refusal("--name is an administrator's");
  if (kubeconfig !== undefined && createAdministrator !== undefined) {
    throw refusal("--create-administrator starts nothing that would register clusters");
  }
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(createAdministrator !== undefined && { createAdministrator }),
    ...(name !== undefined && { name }),
  };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args, options: { kubeconfig: text, "create-administrator": text, name: text } })
      .values;
  } catch (error) {
    throw refusal(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

const refusal = (reason: string) => new AppError("invalid_argument", `${reason}; ${TAKES}`);
