import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "../../test/free-ports.ts";

const START_DEADLINE_MS = 300_000;
/** Longer than the server's own deadline (25 s) and the end of its PostgreSQL after that. */
const STOP_DEADLINE_MS = 60_000;
const OUTPUT_KEPT = 20_000;

export interface DemoInstallation {
  /** The console's address. */
  url: string;
  /** Its data folder: `demo/kubeconfig`, `demo/application.json`. */
  data: string;
  /** The end of what it wrote, its log included. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the demo as a new user would, on free ports and in an empty data folder; ready when it says so. `environment`: settings. */
export async function startDemoInstallation(
  environment: Record<string, string> = {},
): Promise<DemoInstallation> {
  const data = mkdtempSync(path.join(tmpdir(), "kubewitness-e2e-"));
  const [free, kubePort] = await freePorts(2);
  const port = environment.KUBEWITNESS_PORT ?? free;
  const server = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: path.join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      KUBEWITNESS_DATA: data,
      KUBEWITNESS_PORT: String(port),
      KUBEWITNESS_KUBE_PORT: String(kubePort),
      DATABASE_URL: undefined,
      ...environment,
    },
  });
  const output = keepOutput(server);
  const url = `http://localhost:${port}`;
  const stop = async () => {
    await stopProcess(server);
    // Processes of one that was killed are told of it, and may write until they have ended.
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await untilReady(server, url);
  } catch (error) {
    await stop();
    throw new Error(`the demo did not start: ${(error as Error).message}\n${output()}`);
  }
  return { url, data, output, stop };
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (hasEnded(server)) throw new Error(`it exited with ${server.exitCode ?? server.signalCode}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await delay(100);
  }
  throw new Error(`not ready after ${START_DEADLINE_MS / 1000} s`);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function stopProcess(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  const exited = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const killed = setTimeout(() => server.kill("SIGKILL"), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(killed);
}

function keepOutput(server: ChildProcess): () => string {
  let kept = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on("data", (chunk) => {
      kept = (kept + chunk).slice(-OUTPUT_KEPT);
    });
  }
  return () => kept;
}
