// npm run bench -- destinations [--records 1000000] [--kills 5] [--kind syslog] [--format native]
// Sends records to each kind of destination, whose receiver is killed (-9) and started again meanwhile: how many a second and with how much of this process' time, which of
// them are missing at the end, and how many came twice. Batches are cut anew when they are sent again, as after a crash.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Outcome } from "../lib/streams/destinations/destination/outcome.ts";
import { batchOf } from "../lib/streams/destinations/testing/batches.ts";
import { open, permitLoopback } from "../lib/streams/destinations/testing/open.ts";
import { StreamFormat } from "../lib/streams/formats/schema.ts";
import type { StreamRecord } from "../lib/streams/surfaces/stream-record.ts";
import { callRecord } from "../lib/streams/testing/records.ts";
import { type KilledReceiver, startKilledReceiver } from "./destinations/receivers.ts";

const { values: options } = parseArgs({
  options: {
    records: { type: "string", default: "1000000" },
    kills: { type: "string", default: "5" },
    kind: { type: "string" },
    format: { type: "string", default: "native" },
  },
});
const RECORDS = Number(options.records);
const KILLS = Number(options.kills);
const FORMAT = StreamFormat.parse(options.format);
const KINDS = ["webhook", "splunk", "elasticsearch", "syslog", "otlp", "s3"];
const MOST_BATCH = 1_000;
const HOUR_MS = 3_600_000;
const BEGIN = Date.parse("2026-03-01T09:00:00Z");

permitLoopback();
for (const kind of options.kind ? [options.kind] : KINDS) await measure(kind);
process.exit();

async function measure(kind: string): Promise<void> {
  const receiver = await startKilledReceiver(kind);
  if (receiver === null) return console.log(`${kind}: there is no receiver of it on this machine`);
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const retries = await sendAll(kind, receiver);
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const numbers = await receiver.numbers();
  const missing = RECORDS - new Set(numbers).size;
  await receiver.close();
  console.log(
    `${kind}: ${RECORDS} records, ${Math.round(RECORDS / seconds)}/s, ${((user + system) / RECORDS).toFixed(1)} µs a record; ` +
      `${KILLS} kills, ${retries} batches sent again, ${missing} missing, ${numbers.length - new Set(numbers).size} twice`,
  );
  if (missing !== 0) process.exitCode = 1;
}

async function sendAll(kind: string, receiver: KilledReceiver): Promise<number> {
  const destination = open(kind, receiver.settings, receiver.secrets);
  let after = 0;
  let retries = 0;
  let kills = 0;
  let killing: Promise<void> = Promise.resolve();
  while (after < RECORDS) {
    if (kills < KILLS && after >= (RECORDS * (kills + 1)) / (KILLS + 1)) {
      kills += 1;
      killing = killSoon(receiver);
    }
    const batch = batchOf(records(after + 1, Math.min(RECORDS - after, cut())), FORMAT);
    const outcome = await destination.send(batch, AbortSignal.timeout(60_000));
    if (outcome.is === "taken") after += batch.records.length;
    else {
      expectLater(kind, outcome);
      retries += 1;
      await sleep(50);
    }
  }
  await killing;
  await destination.close();
  return retries;
}

/** Somewhere within the next batches. */
async function killSoon(receiver: KilledReceiver): Promise<void> {
  await sleep(Math.random() * 100);
  await receiver.kill();
  await sleep(200);
  await receiver.restart();
}

function expectLater(kind: string, outcome: Outcome): void {
  if (outcome.is !== "later") throw new Error(`${kind}: ${JSON.stringify(outcome)}`);
}

function cut(): number {
  return MOST_BATCH / 2 + Math.ceil((Math.random() * MOST_BATCH) / 2);
}

/** Of some hours. */
function records(from: number, count: number): StreamRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const no = from + index;
    const at = BEGIN + Math.floor((no / RECORDS) * 5 * HOUR_MS);
    const id = `0199a000-0000-7000-8000-0000000000aa-requests-${no}`;
    return { ...callRecord({ no, executedAt: new Date(at).toISOString() }), id, at };
  });
}
