// npm run bench -- gateway [--only instant,slow,half,stream,cores] [--seconds 5] [--rounds 3] [--megabytes 1024] [--durabilities relaxed,flushed]
// The gateway with everything on, on one core; load client, upstreams and PostgreSQL on the other. Beside it in the same run, on the same core: kubectl
// proxy (plain HTTP in front, no record), nginx and a plain Node proxy made with http-proxy (TLS in front, no record). And the upstream alone. TLS on both
// sides of the gateway, 1 KB answers; an upstream that answers at once, and one that takes 2 ms, as an API server does.
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { compareProcesses } from "./gateway/compare-processes.ts";
import { Verdicts } from "./gateway/goals.ts";
import { measureHalfLoad } from "./gateway/half-load.ts";
import { ensurePrograms } from "./gateway/programs.ts";
import { compareRates } from "./gateway/rates.ts";
import { type Durability, GATEWAY_CORE, OTHER_CORE, PATH, Rig } from "./gateway/rig.ts";
import { measureStreams } from "./gateway/streams.ts";

const PARTS = ["instant", "slow", "half", "stream", "cores"] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string" },
    rounds: { type: "string" },
    megabytes: { type: "string" },
    durabilities: { type: "string" },
  },
});
const seconds = Number(values.seconds ?? 5);
const rounds = Number(values.rounds ?? 3);
const bytes = Number(values.megabytes ?? 1_024) * 2 ** 20;
const durabilities = (values.durabilities ?? "").split(",").filter((name): name is Durability => name !== "");
const parts = new Set<string>(values.only?.split(",") ?? PARTS);
const runs = (part: Part) => parts.has(part);
for (const part of parts) {
  if (PARTS.some((known) => known === part)) continue;
  console.error(`error: --only got "${part}": takes ${PARTS.join(", ")}`);
  process.exit(1);
}

const missing = ensurePrograms();
if (missing.length > 0 || availableParallelism() < 2) {
  const why = missing.length > 0 ? `install ${missing.join(", ")}` : "it needs two cores";
  console.log(`SKIPPED: ${why}. As root on Debian the programs are installed by themselves.`);
  process.exit(0);
}

const verdicts = new Verdicts();
const rig = await Rig.start({ durabilities, logBytes: bytes });
try {
  await run();
} finally {
  await rig.close();
}
verdicts.print();

async function run(): Promise<void> {
  console.log(
    `wrk and the upstreams on core ${OTHER_CORE}, with PostgreSQL; gateway, kubectl proxy, nginx and http-proxy on core ${GATEWAY_CORE}.`,
  );
  console.log(
    `${rounds} rounds of ${seconds} s each, in turn; medians. Load before: ${loadavg()[0]!.toFixed(1)}.`,
  );
  const memory = [residentMegabytes()];
  if (runs("instant")) {
    console.log("\nAn upstream that answers at once:");
    await compareRates(rig, "instant", { rounds, seconds }, verdicts);
  }
  memory.push(residentMegabytes());
  if (runs("slow")) {
    console.log("\nAn upstream that answers after 2 ms:");
    await compareRates(rig, "slow", { rounds, seconds }, verdicts);
  }
  memory.push(residentMegabytes());
  if (runs("half")) {
    console.log("\nAt half of what the gateway answers at 16 connections:");
    await measureHalfLoad(rig, { rounds, seconds }, verdicts);
  }
  if (runs("stream")) await measureStreams(rig, { rounds, bytes }, verdicts);
  memory.push(residentMegabytes());
  console.log(`\nThe gateway's memory at first and after each part: ${memory.join(", ")} MB.`);
  console.log(`Rows in PostgreSQL after the drain: ${await rig.drain("gateway")}.`);
  if (!runs("cores")) return;
  const { folder, postgres, endpoints } = rig;
  const where = { databaseUrl: postgres.url, folder, upstream: endpoints.instant, path: PATH };
  await compareProcesses({ ...where, seconds, rounds }, verdicts);
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${rig.gateways.get("gateway")!.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
