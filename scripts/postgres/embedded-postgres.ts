import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { acquireProcessLock, LockHeldError, type ProcessLock } from "../../lib/locks/process-lock.ts";
import { findLoopbackPort, listenBriefly } from "../loopback-port.ts";
import { StepError } from "../steps.ts";
import { findPostgresBinaries } from "./binaries.ts";
import { initializeCluster } from "./initialize-cluster.ts";
import { startPostgresProgram } from "./postgres-program.ts";
import { endOrphanedPostmaster, isPostmasterReady } from "./postmaster-pid.ts";
import { chooseRunAs, type RunAs } from "./run-as.ts";

const USER = "kubewitness";
const READY_DEADLINE_MS = 300_000;

export interface EmbeddedPostgresOptions {
  /** Folder of its own: `pgdata`, `password`, `port`, `lock` and `log` go into it. */
  directory: string;
  /** Database that `url` names; created where it is missing. */
  database: string;
  /** False only for throw-away data: turns fsync and its company off. */
  durable: boolean;
  /** Set where it ended by itself: the port must be the same then, and the log goes on. */
  restartOf?: { port: number };
  /** False: never a user namespace (to test the way that containers go). */
  allowNamespace?: boolean;
}

type ClusterOptions = Pick<EmbeddedPostgresOptions, "directory" | "allowNamespace">;

export interface EmbeddedPostgres {
  /** Connection string of `database`, with the password. */
  url: string;
  port: number;
  mode: RunAs["mode"];
  logFile: string;
  /** Resolves when the server has ended by itself or through `stop`. */
  exited: Promise<void>;
  /** Fast shutdown: open sessions are ended, data is flushed. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package on 127.0.0.1, as root too. The port and a random password are chosen at the first
 * start and kept. Throws a {@link StepError} while another running process uses the same folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, lock } = lockDirectory(options.directory);
  try {
    const { runAs, password } = await openCluster(directory, options);
    return await startServer(options, directory, runAs, password, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Makes what the first start needs, so that it can be made beside other work; nothing where it is there already. */
export async function prepareEmbeddedPostgres(options: ClusterOptions): Promise<void> {
  const { directory, lock } = lockDirectory(options.directory);
  try {
    await openCluster(directory, options);
  } finally {
    lock.release();
  }
}

/** The address of the PostgreSQL of this folder that another process runs; null where none does. */
export function urlOfRunningPostgres({
  directory,
  database,
}: Pick<EmbeddedPostgresOptions, "directory" | "database">): string | null {
  const lockFile = path.join(path.resolve(directory), "lock");
  if (!existsSync(lockFile)) return null;
  try {
    acquireProcessLock(lockFile).release();
    return null;
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const read = (name: string) => readFileSync(path.join(directory, name), "utf8").trim();
    return `postgresql://${USER}:${read("password")}@127.0.0.1:${read("port")}/${database}`;
  }
}

async function openCluster(directory: string, options: ClusterOptions) {
  const runAs = chooseRunAs(findPostgresBinaries(), path.join(directory, "pgdata"), options);
  const password = keptValue(path.join(directory, "password"), () => randomBytes(24).toString("base64url"));
  await endOrphanedPostmaster(runAs.dataDirectory);
  if (!existsSync(path.join(runAs.dataDirectory, "PG_VERSION")))
    await initializeCluster(runAs, { user: USER, password });
  return { runAs, password };
}

function lockDirectory(wanted: string): { directory: string; lock: ProcessLock } {
  const directory = path.resolve(wanted);
  mkdirSync(directory, { recursive: true });
  try {
    return { directory, lock: acquireProcessLock(path.join(directory, "lock")) };
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new StepError(
      `${directory} is in use by another running instance (${error.holder}): stop that one, ` +
        "or give this one a folder of its own with KUBEWITNESS_DATA",
    );
  }
}

/** Reads a small secret or setting, or makes it at the first start; only the owner can read the file. */
function keptValue(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

async function startServer(
  options: EmbeddedPostgresOptions,
  directory: string,
  runAs: RunAs,
  password: string,
  lock: ProcessLock,
): Promise<EmbeddedPostgres> {
  const port = options.restartOf
    ? await requirePort(options.restartOf.port)
    : await choosePort(path.join(directory, "port"));
  const logFile = path.join(directory, "log");
  const log = openSync(logFile, options.restartOf ? "a" : "w", 0o600);
  const child = startPostgresProgram(runAs, "postgres", serverArguments(runAs, port, options.durable), [
    ...(["ignore", log, log] as const),
  ]);
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    child.on("close", () => {
      lock.release();
      resolve();
    });
  });
  const stop = async () => {
    child.kill("SIGINT");
    await exited;
  };
  try {
    await waitUntilReady(child, runAs.dataDirectory, logFile);
    const server = { host: "127.0.0.1", port, user: USER, password };
    await createMissingDatabase(server, options.database);
    const url = `postgresql://${USER}:${password}@127.0.0.1:${port}/${options.database}`;
    return { url, port, mode: runAs.mode, logFile, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const RELAXED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

function serverArguments(runAs: RunAs, port: number, durable: boolean): string[] {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    // The main process and 64 gateway processes, the most there may be (docs/operations.md); one that is not used costs next to nothing.
    "max_connections=800",
    "log_checkpoints=off",
    "timezone=UTC",
    "log_timezone=UTC",
    ...(durable ? [] : RELAXED),
  ];
  return ["-D", runAs.dataDirectory, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
}

async function waitUntilReady(child: ChildProcess, dataDirectory: string, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (!isReady(child, dataDirectory)) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      const said = readFileSync(logFile, "utf8").trim().split("\n").slice(-5).join("\n");
      throw new StepError(`PostgreSQL did not start; the end of ${logFile}:\n${said}`);
    }
    await sleep(20);
  }
}

function isReady(child: ChildProcess, dataDirectory: string): boolean {
  return child.exitCode === null && isPostmasterReady(dataDirectory, child.pid);
}

/** The port of the last start where it is free, else a new one, which is remembered. */
async function choosePort(file: string): Promise<number> {
  const remembered = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = (remembered && (await listenBriefly(remembered))) || (await findLoopbackPort());
  writeFileSync(file, `${port}\n`);
  return port;
}

async function requirePort(port: number): Promise<number> {
  if (await listenBriefly(port)) return port;
  throw new StepError(
    `another program has port ${port} of 127.0.0.1, where PostgreSQL was: stop that program`,
  );
}

async function createMissingDatabase(server: pg.ClientConfig, database: string): Promise<void> {
  const client = new pg.Client({ ...server, database: "postgres" });
  await client.connect();
  try {
    const found = await client.query("select from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
