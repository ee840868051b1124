import { realpathSync } from "node:fs";
import path from "node:path";
import { isSea } from "node:sea";
import type { Gateway } from "../commands/answers.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** How kubectl runs this program. */
export interface ExecProgram {
  command: string;
  /** Before its own arguments. */
  arguments: string[];
}

export interface Entry {
  /** Of cluster, context and user alike. */
  name: string;
  cluster: Record<string, string>;
  user: Record<string, unknown>;
  namespace?: string;
}

/** What a cluster of a profile is called in kubeconfigs: no other program's entry has that name. */
export const contextName = (cluster: string, profile: string): string => `${cluster}@${profile}`;

const INSTALL_HINT =
  "kubewitness is not there any more, or was moved: install it, then run: kubewitness kubeconfig --exec";

/** The entry of a cluster: its credential is asked of this program by kubectl, or a token where one is given. */
export function entryOf(
  { server, certificateAuthority }: Gateway,
  {
    cluster,
    profile,
    program,
    token,
  }: { cluster: string; profile: string; program: ExecProgram; token?: string },
): Entry {
  const authority: Record<string, string> = certificateAuthority
    ? { "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") }
    : {};
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: program.command,
    args: [...program.arguments, "credential", "--profile", profile, "--cluster", cluster],
    env: null,
    installHint: INSTALL_HINT,
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  return {
    name: contextName(cluster, profile),
    // The token says which cluster is meant: kubectl loses a path here and there.
    cluster: { server, ...authority },
    user: token === undefined ? { exec } : { token },
  };
}

/** Profile and cluster of an entry that this program wrote; null of others. */
export function readExecEntry(user: unknown): { profile: string; cluster: string } | null {
  const { args } = (user as { exec?: { args?: unknown } } | undefined)?.exec ?? {};
  if (!Array.isArray(args)) return null;
  const at = args.indexOf("credential");
  const [verb, p, profile, c, cluster] = args.slice(at);
  if (verb !== "credential" || p !== "--profile" || c !== "--cluster") return null;
  return typeof profile === "string" && typeof cluster === "string" ? { profile, cluster } : null;
}

/** This program by its name where PATH has it under that, else by its place. */
export function thisProgram({ env }: Pick<Terminal, "env">): ExecProgram {
  const single = isSea();
  const file = realpathSync(single ? process.execPath : process.argv[1]!);
  const isThis = (folder: string) => {
    try {
      return realpathSync(path.join(folder, "kubewitness")) === file;
    } catch {
      return false;
    }
  };
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  if (folders.some(isThis)) return { command: "kubewitness", arguments: [] };
  return single ? { command: file, arguments: [] } : { command: process.execPath, arguments: [file] };
}
