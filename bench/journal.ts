// npm run bench -- journal [--seconds 3] [--concurrency 1,16,64] [--upstream-ms 0,2] [--durability strict,flushed,relaxed] [--folder /tmp]
// What the journal of intents and outcomes costs a call, without anything around it: CPU of the event loop's thread and of the flush
// thread, and how long a call waits. No PostgreSQL. Under `taskset -c 0` it is one core; `strace -c -f` counts its system calls.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { KubeRequestEntry } from "../lib/audit/entry/entry.ts";
import { Journal } from "../lib/audit/journal/journal.ts";
import type { Until } from "../lib/audit/journal/turn.ts";
import { generateEntries } from "../test/history/generate-entries.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    concurrency: { type: "string", default: "1,16,64" },
    "upstream-ms": { type: "string", default: "0,2" },
    durability: { type: "string", default: "strict,flushed,relaxed" },
    folder: { type: "string", default: tmpdir() },
  },
});

const UNTIL: Record<string, Until> = { strict: "intended", flushed: "flushed", relaxed: "written" };
const now = Date.now();
/** What the gateway's entries share: who called, the cluster, groups. */
const shared = new Map<string, object>();
function sharedPart<T extends object>(part: T): T {
  const key = JSON.stringify(part);
  if (!shared.has(key)) shared.set(key, Object.freeze(part));
  return shared.get(key) as T;
}
/** Reads that succeed, one after the other. */
const entries = Array.from(
  generateEntries({ count: 5_000, from: now - 60_000, to: now }),
  (entry): KubeRequestEntry => ({
    ...entry,
    verb: "list",
    stage: "complete",
    body: null,
    actor: sharedPart(entry.actor),
    cluster: sharedPart(entry.cluster),
    kubernetesGroups: sharedPart(entry.kubernetesGroups),
    impersonatedGroups: sharedPart(entry.impersonatedGroups),
    projects: sharedPart(entry.projects),
    departments: sharedPart(entry.departments),
    nodePools: sharedPart(entry.nodePools),
  }),
);
const sizes = entries.map((entry) => JSON.stringify(entry).length);
const bytes = Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
console.log(`entries of ${bytes} bytes; load ${loadavg()[0]!.toFixed(1)}; ${new Date().toISOString()}`);

for (const upstreamMs of options["upstream-ms"].split(",").map(Number)) {
  for (const concurrency of options.concurrency.split(",").map(Number)) {
    const idle = await measure(concurrency, upstreamMs, null);
    for (const durability of options.durability.split(",")) {
      const of = await measure(concurrency, upstreamMs, durability);
      const at = (share: number) => (of.waits[Math.floor(of.waits.length * share)]! * 1_000).toFixed(0);
      console.log(
        `${concurrency} at once, cluster ${upstreamMs} ms, ${durability}: ${Math.round(of.calls / of.seconds)} calls/s; ` +
          `µs a call: event loop ${(of.loopUs - idle.loopUs).toFixed(1)} (and ${idle.loopUs.toFixed(1)} of the bench), flush thread ${of.flushUs.toFixed(1)}; ` +
          `waited after the cluster p50 ${at(0.5)}, p99 ${at(0.99)} µs; ${(of.calls / of.flushes).toFixed(1)} calls a flush`,
      );
    }
  }
}

/** `durability` null: the bench's own part alone. */
async function measure(concurrency: number, upstreamMs: number, durability: string | null) {
  const directory = mkdtempSync(path.join(options.folder, "kubewitness-bench-journal-"));
  let flushes = 0;
  const journal = await Journal.open({
    directory,
    maxBytes: 2 ** 30,
    onDurable: ({ position }) => {
      flushes += 1;
      void journal.releaseUpTo(position);
    },
  });
  const waits: number[] = [];
  let calls = 0;
  let endAt = Number.POSITIVE_INFINITY;
  const isUrgent = durability !== "relaxed";
  const answered = () =>
    upstreamMs === 0 ? new Promise<void>((resolve) => setImmediate(resolve)) : delay(upstreamMs);
  const call = async (entry: KubeRequestEntry) => {
    if (durability !== null) journal.appendIntent(entry, { isUrgent });
    await answered();
    const answeredAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      if (durability === null) resolve();
      else journal.appendEntry(entry, UNTIL[durability]!, (error) => (error ? reject(error) : resolve()));
    });
    waits.push(performance.now() - answeredAt);
    calls += 1;
  };
  let next = 0;
  const serve = async () => {
    while (performance.now() < endAt) {
      const callId = entries[next % entries.length]!;
      next += 1;
      await call(callId);
    }
  };
  endAt = performance.now() + 500;
  await Promise.all(Array.from({ length: concurrency }, serve));
  calls = 0;
  flushes = 0;
  waits.length = 0;
  const startedAt = performance.now();
  const loop = process.threadCpuUsage();
  const flush = flushThreadNs();
  endAt = startedAt + Number(options.seconds) * 1_000;
  await Promise.all(Array.from({ length: concurrency }, serve));
  const { user, system } = process.threadCpuUsage(loop);
  const flushUs = (flushThreadNs() - flush) / 1_000 / calls;
  const seconds = (performance.now() - startedAt) / 1_000;
  await journal.close();
  rmSync(directory, { recursive: true });
  waits.sort((a, b) => a - b);
  return { calls, seconds, waits, flushes, flushUs, loopUs: (user + system) / calls };
}

/** What the kernel says that the journals' flush threads have run, nanoseconds. */
function flushThreadNs(): number {
  const tasks = "/proc/self/task";
  return readdirSync(tasks)
    .filter((id) => readFileSync(`${tasks}/${id}/comm`, "utf8").trim() === "journal-flush")
    .reduce((sum, id) => sum + Number(readFileSync(`${tasks}/${id}/schedstat`, "utf8").split(" ", 1)[0]), 0);
}
