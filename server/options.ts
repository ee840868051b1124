import { parseArgs } from "node:util";
import { AppError } from "../lib/errors.ts";

export interface ServerOptions {
  /** A kubeconfig whose contexts are all registered as clusters. */
  kubeconfig?: string;
  /** The e-mail address of a local administrator to make: that is done in place of serving, also beside an installation that serves. */
  createAdministrator?: string;
  /** Their name. */
  name?: string;
  /** Makes a new encryption key and seals everything with it, in place of serving. */
  rotateEncryptionKey?: true;
}

const TAKES =
  "takes --kubeconfig FILE, --create-administrator EMAIL [--name NAME], or --rotate-encryption-key";

/** Reads the command line after `npm start --`. Throws an {@link AppError} (`invalid_argument`) of one line. */
export function readServerOptions(commandLine: string[]): ServerOptions {
  const values = parse(commandLine);
  const { kubeconfig, name, "create-administrator": createAdministrator } = values;
  const rotateEncryptionKey = values["rotate-encryption-key"];
  if (rotateEncryptionKey && Object.keys(values).length > 1)
    throw refusal("--rotate-encryption-key stands alone");
  if (name !== undefined && createAdministrator === undefined) throw refusal("--name is an administrator's");
  if (kubeconfig !== undefined && createAdministrator !== undefined) {
    throw refusal("--create-administrator starts nothing that would register clusters");
  }
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(createAdministrator !== undefined && { createAdministrator }),
    ...(name !== undefined && { name }),
    ...(rotateEncryptionKey && { rotateEncryptionKey }),
  };
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        ...{ kubeconfig: text, "create-administrator": text, name: text },
        "rotate-encryption-key": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw refusal(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

const refusal = (reason: string) => new AppError("invalid_argument", `${reason}; ${TAKES}`);
