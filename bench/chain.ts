// npm run bench -- chain [--calls 40000] [--rounds 5] [--at-once 64] [--profile file.cpuprofile]
// What a call costs the gateway beside its bytes and the journal's writes: the real chain on a real installation in one process, 64 calls
// under way, other work between any two of its steps as there is in place, so that nothing is in the processor's caches. What the other work
// costs alone is taken off. In CPU microseconds and bytes a call, and by stage.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Registry } from "prom-client";
import { houseServices } from "../lib/gateway/create-gateway.ts";
import { startGateway } from "../lib/gateway/start.ts";
import { openStore } from "../lib/recordings/store/recording-store.ts";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { openChainInstallation } from "./chain/installation.ts";
import { MemoryTaken } from "./chain/memory-taken.ts";
import { FakeCluster, FakeExchange, withCalls } from "./chain/no-wire.ts";
import { doOtherWork } from "./chain/other-work.ts";
import { Requests } from "./chain/requests.ts";
import { sharesOf } from "./chain/stages.ts";
import { TextRecorder } from "./chain/text-recorder.ts";

const { values: options } = parseArgs({
  options: {
    calls: { type: "string", default: "40000" },
    rounds: { type: "string", default: "5" },
    "at-once": { type: "string", default: "64" },
    profile: { type: "string" },
  },
});
const calls = Number(options.calls);
const atOnce = Number(options["at-once"]);

const data = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-chain-"));
chmodSync(data, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: path.join(data, "postgres"),
  database: "bench",
  durable: false,
});
try {
  await run();
} finally {
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(0);

async function run(): Promise<void> {
  const { config, tokens } = await openChainInstallation(postgres.url, data);
  const recorder = new TextRecorder();
  const cluster = new FakeCluster();
  const services = houseServices({ config, recorder, recordings: openStore(config) });
  const gateway = startGateway({
    ...services,
    registry: new Registry(),
    upstreamFor: (asked) => withCalls(services.upstreamFor(asked), cluster.calls),
  });
  const requests = new Requests(tokens);

  await pass(calls, true);
  await pass(calls, false);
  const costs: number[] = [];
  const bytes: number[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const alone = await pass(calls, false);
    const both = await pass(calls, true);
    costs.push(both.cpu - alone.cpu);
    bytes.push(both.bytes - alone.bytes);
    console.log(
      `CPU ${(both.cpu - alone.cpu).toFixed(1)} µs a call (other work ${alone.cpu.toFixed(1)}), ${Math.round(both.bytes - alone.bytes)} bytes`,
    );
  }
  const cost = median(costs);
  console.log(
    `${cluster.asked} forwarded, ${FakeExchange.answered} answered, ${recorder.entries} entries, ${Math.round(recorder.bytes / recorder.entries)} bytes of intent and entry`,
  );
  console.log(
    `CPU ${cost.toFixed(1)} µs a call (median; least ${Math.min(...costs).toFixed(1)}), ${Math.round(median(bytes))} bytes of garbage a call\n`,
  );
  console.log("| stage | CPU µs a call |\n|---|---:|");
  const shares = await profile();
  for (const [stage, share] of [...shares].sort((a, b) => b[1] - a[1]))
    console.log(`| ${stage} | ${(share * cost).toFixed(2)} |`);

  /** CPU microseconds of all threads, and bytes of memory, that each call takes with the other work beside it. */
  async function pass(count: number, calling: boolean): Promise<{ cpu: number; bytes: number }> {
    const used = process.cpuUsage();
    const memory = new MemoryTaken();
    for (let done = 0; done < count; done += atOnce) {
      for (let i = 0; i < atOnce; i++) {
        doOtherWork();
        const head = requests.next();
        if (calling) gateway.handleExchange(new FakeExchange(head), "127.0.0.1");
      }
      await new Promise((resolve) => setImmediate(resolve));
      const answers = cluster.take();
      for (let i = 0; i < atOnce; i++) {
        doOtherWork();
        answers[i]?.answer();
      }
      await new Promise((resolve) => setImmediate(resolve));
      recorder.flush();
      await new Promise((resolve) => setImmediate(resolve));
      memory.look();
    }
    const { user, system } = process.cpuUsage(used);
    return { cpu: (user + system) / count, bytes: memory.taken / count };
  }

  async function profile(): Promise<Map<string, number>> {
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 100 });
    await session.post("Profiler.start");
    await pass(calls, true);
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    if (options.profile) writeFileSync(options.profile, JSON.stringify(profile));
    return sharesOf(profile);
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
