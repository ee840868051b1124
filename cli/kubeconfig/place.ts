import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

type Environment = Record<string, string | undefined>;

/** The files that kubectl reads, in its order (kubectl's `KUBECONFIG`). */
export function kubeconfigFiles({ KUBECONFIG, HOME }: Environment): string[] {
  const named = (KUBECONFIG ?? "").split(path.delimiter).filter((file) => file !== "");
  return named.length > 0 ? named : [path.join(HOME || homedir(), ".kube", "config")];
}

/** The one that kubectl would write new entries to: the first that is there, else the last. */
export function kubeconfigToWrite(env: Environment): string {
  const files = kubeconfigFiles(env);
  return path.resolve(files.find((file) => existsSync(file)) ?? files.at(-1)!);
}
