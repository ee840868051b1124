import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { GOALS, type Verdicts } from "./goals.ts";
import { median, type Target } from "./load.ts";
import { LOG_PATH, OTHER_CORE, type Peer, type Rig, UPLOAD_PATH } from "./rig.ts";
import { threadsBetween, threadTimes } from "./threads.ts";

const CLIENT = path.join(import.meta.dirname, "stream-client-process.ts");
const COMPARED: readonly Peer[] = ["upstream alone", "nginx", "http-proxy", "gateway"];
const MEBIBYTE = 2 ** 20;

/** A large log, and a large body: how many MiB a second pass, and what a MiB costs. */
export async function measureStreams(
  rig: Rig,
  { rounds, bytes }: { rounds: number; bytes: number },
  verdicts: Verdicts,
): Promise<void> {
  console.log(`\n${bytes / MEBIBYTE} MiB each way, ${rounds} rounds in turn, medians:\n`);
  console.log("| way | target | MiB/s | CPU ms a MiB | of nginx |\n|---|---|---:|---:|---:|");
  for (const way of ["down", "up"] as const) {
    const targets = (
      way === "down" ? rig.targets("instant", LOG_PATH) : rig.targets("slow", UPLOAD_PATH)
    ).filter(({ name }) => COMPARED.includes(name));
    const results = new Map<Peer, { rate: number; cpu: number }[]>(targets.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const target of targets) results.get(target.name)!.push(await pass(rig, target, way, bytes));
    const rate = (name: Peer) => median(results.get(name)!.map((one) => one.rate));
    for (const [name, passed] of results) {
      const cpu = median(passed.map((one) => one.cpu));
      const shown = target(targets, name).pids?.length ? cpu.toFixed(2) : "";
      console.log(
        `| ${way} | ${name} | ${rate(name).toFixed(0)} | ${shown} | ${(rate(name) / rate("nginx")).toFixed(2)} |`,
      );
    }
    verdicts.atLeast(
      `${bytes / MEBIBYTE} MiB ${way}, of nginx`,
      GOALS.streamOfNginx,
      rate("gateway") / rate("nginx"),
    );
  }
}

const target = (targets: readonly (Target & { name: Peer })[], name: Peer) =>
  targets.find((one) => one.name === name)!;

async function pass(
  rig: Rig,
  { url, token = "-", pids = [] }: Target,
  way: "up" | "down",
  bytes: number,
): Promise<{ rate: number; cpu: number }> {
  const before = threadTimes(pids);
  const client = [CLIENT, url, rig.folder, token, way, String(bytes)];
  const args = ["-c", String(OTHER_CORE), process.execPath, ...client];
  const { stdout } = await promisify(execFile)("taskset", args);
  const { seconds } = JSON.parse(stdout) as { seconds: number };
  const used = [...threadsBetween(before, threadTimes(pids)).values()].reduce((sum, time) => sum + time, 0);
  const mebibytes = bytes / MEBIBYTE;
  return { rate: mebibytes / seconds, cpu: used / 1_000 / mebibytes };
}
