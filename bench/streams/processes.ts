import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { NO_DEMO } from "../../test/installation.ts";

const root = path.join(import.meta.dirname, "../..");

/** Where the kernel lets a process be kept to one core, it is. */
function pin({ pid }: ChildProcess, core: number): void {
  try {
    execFileSync("taskset", ["-a", "-p", "-c", String(core), String(pid)], { stdio: "ignore" });
  } catch {
    console.log("taskset is missing: the delivery is on all cores");
  }
}

export interface Usage {
  cpu: { user: number; system: number };
  memory: { rss: number; heapUsed: number; external: number; arrayBuffers: number };
}

/** A process that delivers, on core 0, with a data folder that others share. */
export async function startDelivery(url: string, data: string): Promise<ChildProcess> {
  const child = fork(path.join(root, "lib/streams/delivery/testing/delivery-process.ts"), {
    execArgv: ["--expose-gc"],
    env: {
      ...process.env,
      ...NO_DEMO,
      KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: "true",
      KUBEWITNESS_LOG_LEVEL: "error",
      DATABASE_URL: url,
      KUBEWITNESS_DATA: data,
    },
  });
  await once(child, "message");
  pin(child, 0);
  return child;
}

export async function usageOf(child: ChildProcess): Promise<Usage> {
  child.send("usage");
  const [usage] = await once(child, "message");
  return usage;
}

/** Bytes that are held when all garbage is gone. */
export async function heldBy(child: ChildProcess): Promise<number> {
  child.send("held");
  const [{ memory }] = (await once(child, "message")) as [Usage];
  return memory.heapUsed + memory.external;
}

/** A receiver that has its numbers in `file`; on the port of one before it. */
export async function startReceiver(
  file: string,
  { port = 0, measuresLag = false } = {},
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(path.join(root, "bench/streams/receiver.ts"), {
    env: { ...process.env, PORT: String(port), FILE: file, MEASURE_LAG: measuresLag ? "yes" : "" },
  });
  const [address] = await once(child, "message");
  return { child, port: address.port };
}

export async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
