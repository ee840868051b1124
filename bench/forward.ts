// npm run bench -- forward [--calls 20000] [--rounds 7] [--profile file.cpuprofile]
// What it costs to take a read to its cluster and its answer back, beside the bytes on both connections, the chain and the record: the real
// forwarding between a client, a cluster and a journal that cost nothing. 64 calls are under way, with other work between
// any two of their steps, as there is in place, so that nothing is in the processor's caches. What the other work costs alone is taken off.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import type { ForwardListener } from "../lib/gateway/call/call.ts";
import { forwardCall } from "../lib/gateway/forward/forward.ts";
import { doOtherWork } from "./chain/other-work.ts";
import { answer, FakeGateway, tally } from "./forward/world.ts";

const AT_ONCE = 64;
const { values: options } = parseArgs({
  options: {
    calls: { type: "string", default: "20000" },
    rounds: { type: "string", default: "7" },
    profile: { type: "string" },
  },
});
const calls = Number(options.calls);
const gateway = new FakeGateway();
const LISTENER: ForwardListener = { onForwarded() {}, onForwardFailed: console.error };

await pass(true);
await pass(false);
const costs: number[] = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const alone = await pass(false);
  costs.push((await pass(true)) - alone);
}
const sorted = costs.toSorted((a, b) => a - b);
console.log(`${tally.answered} answered, ${tally.recorded} recorded, ${tally.bytes} bytes`);
console.log(
  `CPU ${sorted[Math.floor(sorted.length / 2)]!.toFixed(2)} µs a call (median; least ${sorted[0]!.toFixed(2)})`,
);
if (options.profile) await profile(options.profile);

/** CPU microseconds of all threads a call; without calls, what the fakes cost. */
async function pass(withCalls: boolean): Promise<number> {
  const used = process.cpuUsage();
  for (let done = 0; done < calls; done += AT_ONCE) {
    for (let i = 0; i < AT_ONCE; i++) {
      doOtherWork();
      const input = gateway.next();
      if (withCalls) forwardCall(input, LISTENER);
    }
    await turn();
    const asked = gateway.cluster.take();
    for (let i = 0; i < AT_ONCE; i++) {
      doOtherWork();
      if (withCalls) answer(asked[i]!);
    }
    await turn();
    const waiting = gateway.take();
    for (let i = 0; i < AT_ONCE; i++) {
      doOtherWork();
      if (withCalls) waiting[i]!("recorded");
    }
    await turn();
  }
  const { user, system } = process.cpuUsage(used);
  return (user + system) / calls;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function profile(file: string): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 100 });
  await session.post("Profiler.start");
  await pass(true);
  const { profile } = await session.post("Profiler.stop");
  writeFileSync(file, JSON.stringify(profile));
}
