import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { StepError } from "../steps.ts";
import type { PostgresBinaries } from "./binaries.ts";

/** How PostgreSQL's programs are started, which refuse to run as root. */
export interface RunAs {
  mode: "as this user" | "in a user namespace" | "as nobody";
  /** Put before the program: empty, or `unshare …`. */
  prefix: string[];
  /** Given to spawn: empty, or nobody's ids. */
  ids: { uid?: number; gid?: number };
  binDirectory: string;
  /** PGDATA; absolute. */
  dataDirectory: string;
}

const NOBODY = 65534;
const NAMESPACE = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * Chooses how to run PostgreSQL on `dataDirectory`.
 *
 * An ordinary user runs it directly. For root a user namespace maps root to nobody: the files stay root's and may lie in
 * folders that only root can read. Where namespaces are refused (most containers) it runs as nobody, from a copy of the
 * programs where nobody cannot read the package, and with its data in /var/lib where nobody cannot reach `dataDirectory`.
 */
export function chooseRunAs(
  binaries: PostgresBinaries,
  dataDirectory: string,
  { allowNamespace = true }: { allowNamespace?: boolean } = {},
): RunAs {
  const binDirectory = path.join(binaries.directory, "bin");
  if (process.getuid?.() !== 0) {
    refuseForeignOwner(dataDirectory, process.getuid?.());
    return { mode: "as this user", prefix: [], ids: {}, binDirectory, dataDirectory };
  }
  if (allowNamespace && spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), "true"]).status === 0) {
    refuseForeignOwner(dataDirectory, 0);
    return { mode: "in a user namespace", prefix: NAMESPACE, ids: {}, binDirectory, dataDirectory };
  }
  return runAsNobody(binaries, dataDirectory);
}

function runAsNobody(binaries: PostgresBinaries, wantedDirectory: string): RunAs {
  const ids = { uid: NOBODY, gid: NOBODY };
  const dataDirectory = placeForNobody(wantedDirectory);
  if (existsSync(dataDirectory)) refuseForeignOwner(dataDirectory, NOBODY);
  else {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    chownSync(dataDirectory, NOBODY, NOBODY);
  }
  const binDirectory = path.join(readableBinaries(binaries), "bin");
  return { mode: "as nobody", prefix: [], ids, binDirectory, dataDirectory };
}

function placeForNobody(wantedDirectory: string): string {
  const parent = path.dirname(wantedDirectory);
  mkdirSync(parent, { recursive: true });
  if (nobodyMay("-x", parent)) return wantedDirectory;
  const name = Buffer.from(parent).toString("base64url").slice(-60);
  const base = "/var/lib/kubewitness";
  mkdirSync(base, { recursive: true });
  chmodSync(base, 0o755);
  return path.join(base, name);
}

function readableBinaries(binaries: PostgresBinaries): string {
  if (nobodyMay("-x", path.join(binaries.directory, "bin", "postgres"))) return binaries.directory;
  const copy = `/var/lib/kubewitness-postgres-${binaries.version}`;
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(binaries.directory, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return copy;
}

function nobodyMay(test: "-x", file: string): boolean {
  return spawnSync("test", [test, file], { uid: NOBODY, gid: NOBODY, cwd: "/" }).status === 0;
}

function refuseForeignOwner(dataDirectory: string, uid: number | undefined): void {
  if (uid === undefined || !existsSync(dataDirectory)) return;
  const owner = statSync(dataDirectory).uid;
  if (owner === uid) return;
  throw new StepError(
    `${dataDirectory} belongs to user id ${owner}, PostgreSQL would run as ${uid}: start as the user that made it, ` +
      "or chown it, or choose another folder with KUBEWITNESS_DATA",
  );
}
