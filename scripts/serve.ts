import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { nameSetting } from "../lib/config/read-settings.ts";
import { settings } from "../lib/config/settings.ts";
import { type Config, ConfigError, loadConfig } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { type ListenAddress, listen } from "../lib/listen.ts";
import { listenAddresses } from "../server/addresses.ts";
import { readServerOptions } from "../server/options.ts";
import { serverNodeOptions } from "./node-options.ts";
import { prepareEmbeddedPostgres, urlOfRunningPostgres } from "./postgres/embedded-postgres.ts";
import { type SupervisedPostgres, startSupervisedPostgres } from "./postgres/supervised-postgres.ts";
import { announce, onStopRequest, projectRoot, StepError } from "./steps.ts";

export interface ServeOptions {
  mode: "production" | "development";
  /** Makes what the server needs; runs once the configuration and the ports are known to be good. */
  prepare: () => Promise<void>;
  /** Passed on to server.ts. */
  serverArguments: string[];
}

/** Runs server.ts, with a PostgreSQL of its own where the configuration names none; resolves with its exit code. */
export async function serve({ mode, prepare, serverArguments }: ServeOptions): Promise<number> {
  const config = readConfig(serverArguments);
  // A command serves nothing, and may be run beside an installation that serves: on its PostgreSQL.
  const isCommand = readServerOptions(serverArguments).createAdministrator !== undefined;
  if (!isCommand) await refuseBusyPorts(config);
  const running = isCommand ? runningPostgres(config) : null;
  let stopRequested = false;
  let server: ChildProcess | undefined;
  const stop = () => {
    stopRequested = true;
    server?.kill("SIGTERM");
  };
  onStopRequest(stop, () => server?.kill("SIGHUP"));
  await besideEachOther(prepare(), running === null ? prepareDatabase(config) : Promise.resolve());
  if (stopRequested) return 0;
  const postgres = config.database.url === null && running === null ? await startPostgres(config) : undefined;
  try {
    if (stopRequested) return 0;
    server = startServer(mode, config, postgres?.url ?? running, serverArguments);
    return await exitCodeOf(server);
  } finally {
    await postgres?.stop();
  }
}

function readConfig(serverArguments: string[]): Config {
  try {
    const { kubeconfig } = readServerOptions(serverArguments);
    return loadConfig({ env: process.env, cwd: projectRoot, kubeconfig });
  } catch (error) {
    if (error instanceof AppError) throw new StepError(error.message);
    if (error instanceof ConfigError) throw new StepError(error.problems.join("\nerror: "));
    throw error;
  }
}

/** Before minutes of building rather than after. */
async function refuseBusyPorts({ host, port, kubePort }: Config): Promise<void> {
  const ports = [
    { port, setting: nameSetting(settings.port) },
    { port: kubePort, setting: nameSetting(settings.kubePort) },
  ];
  for (const address of listenAddresses(host)) {
    for (const each of ports) await refuseBusyPort({ host: address, ...each });
  }
}

async function refuseBusyPort(address: ListenAddress): Promise<void> {
  const probe = createServer();
  try {
    await listen(probe, address);
  } catch (error) {
    if (error instanceof AppError) throw new StepError(error.message);
    throw error;
  } finally {
    probe.close();
  }
}

/** Waits for the end of all, so that none goes on after the failure of another is told. */
async function besideEachOther(...steps: Promise<void>[]): Promise<void> {
  await Promise.allSettled(steps);
  await Promise.all(steps);
}

const postgresDirectory = ({ data }: Config) => path.join(data, "postgres");

async function prepareDatabase(config: Config): Promise<void> {
  if (config.database.url === null) await prepareEmbeddedPostgres({ directory: postgresDirectory(config) });
}

/** The address of the PostgreSQL that an installation runs for itself; null where none runs. */
function runningPostgres(config: Config): string | null {
  if (config.database.url !== null) return null;
  return urlOfRunningPostgres({ directory: postgresDirectory(config), database: "kubewitness" });
}

async function startPostgres(config: Config): Promise<SupervisedPostgres> {
  const options = { directory: postgresDirectory(config), database: "kubewitness", durable: true };
  const postgres = await startSupervisedPostgres(options, (line) => process.stderr.write(`${line}\n`));
  announce(`PostgreSQL runs ${postgres.mode} on 127.0.0.1:${postgres.port}`);
  return postgres;
}

function startServer(
  mode: ServeOptions["mode"],
  config: Config,
  databaseUrl: string | null,
  serverArguments: string[],
): ChildProcess {
  const compileCache = path.join(config.data, "compiled");
  mkdirSync(compileCache, { recursive: true, mode: 0o700 });
  return spawn(process.execPath, [...serverNodeOptions(), "server.ts", ...serverArguments], {
    cwd: projectRoot,
    // The channel ends the server where this process is killed without a word.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: mode,
      // As its gateway processes have it: what was compiled before is not compiled, nor its types stripped, in each thread anew.
      NODE_COMPILE_CACHE: compileCache,
      // The server must not take the PostgreSQL that was started for it for a configured one.
      KUBEWITNESS_DEMO: String(config.demo),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    },
    // Ctrl-C reaches this process, which asks the server to drain, once.
    detached: true,
  });
}

function exitCodeOf(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.on("exit", (code, signal) => {
      if (signal) process.stderr.write(`error: the server was ended by ${signal}\n`);
      resolve(code ?? 1);
    });
  });
}
