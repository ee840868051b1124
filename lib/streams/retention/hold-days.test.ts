import { afterAll, beforeAll, expect, test } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { dropExpiredDays } from "../../audit/retention/retention.ts";
import { createDictionary } from "../../audit/store/dictionary.ts";
import { dayOf, listPartitions } from "../../audit/store/partitions.ts";
import { storeBatch } from "../../audit/writer/store-batch.ts";
import { systemContext } from "../../context.ts";
import { getStream } from "../data.ts";
import { createStream, pauseStream } from "../mutations.ts";
import { forgetLettersOfDays, holdDaysForStreams } from "./hold-days.ts";

let db: TestInstallation;
const ctx = systemContext("test");
const DAY_MS = 86_400_000;
const now = Date.now();
const HOOKS = { holdDays: holdDaysForStreams, forgetDays: forgetLettersOfDays };

beforeAll(async () => {
  db = await createTestInstallation({ KUBEWITNESS_STREAMS_RETENTION_WAIT: "3d" });
});
afterAll(() => db.close());

/** Of one day, that many days ago. */
async function store(count: number, daysAgo: number): Promise<{ first: number }> {
  const noon = Date.parse(`${dayOf(now - daysAgo * DAY_MS)}T12:00:00Z`);
  const entries = [...generateEntries({ count, from: noon, to: noon + 60_000, seed: daysAgo })];
  return storeBatch({ pool: db.pool, dictionary: createDictionary(db.pool) }, { entries });
}

const drop = (at = now) => dropExpiredDays(db.pool, 7, new Date(at), HOOKS);
const requestDays = async () =>
  (await listPartitions(db.pool)).filter(({ table }) => table === "kube_request").map(({ day }) => day);

test("a day waits for a stream that has not sent it, up to the bound; then it goes, and what was lost is told", async () => {
  const nineDaysAgo = dayOf(now - 9 * DAY_MS);
  await store(20, 9);
  const start = { from: "number", requests: 11 } as const;
  const { id, name } = await createStream({
    ctx,
    input: { name: "slow", kind: "file", surfaces: { requests: {} }, start },
  });
  await pauseStream({ ctx, input: { id } });
  const letter = { streamId: id, surface: "requests", reason: "refused", text: "{}" };
  await db.prisma.streamDeadLetter.createMany({
    data: [9, 1].map((days) => ({ ...letter, no: days, happenedAt: new Date(now - days * DAY_MS) })),
  });

  const before = await lastEventNo(db);
  expect(await drop()).not.toContain(nineDaysAgo);
  expect(await requestDays()).toContain(nineDaysAgo);
  expect(await getStream({ ctx, input: { id } })).toMatchObject({ holdsRetention: true, lost: [] });
  await drop();
  expect(await readEvents(db, before)).toMatchObject([
    {
      entityType: "Stream",
      entityId: id,
      entityName: name,
      status: "Failed",
      error: expect.stringMatching(
        new RegExp(`^Retention waits for the stream: ${nineDaysAgo} is kept .* at the longest\\.$`),
      ),
    },
  ]);

  // The bound is over two days later.
  const after = await lastEventNo(db);
  expect(await drop(now + 2 * DAY_MS)).toContain(nineDaysAgo);
  expect(await getStream({ ctx, input: { id } })).toMatchObject({
    holdsRetention: false,
    lost: [{ surface: "requests", from: 11, to: 20 }],
    deadLetters: 1,
  });
  const told = (await readEvents(db, after)).filter(({ entityType }) => entityType === "Stream");
  expect(told[0]!.error).toBe(
    `Retention dropped Request Audit of ${nineDaysAgo} before the stream had sent it: numbers 11 to 20, 10 of them on that day, are lost to its receiver.`,
  );
});

test("what every stream has sent goes with its day", async () => {
  const eightDaysAgo = dayOf(now - 8 * DAY_MS);
  await store(5, 8);
  await db.pool.query("UPDATE stream_cursors SET last_no = (SELECT max(no) FROM kube_request)");
  const before = await lastEventNo(db);
  expect(await drop()).toContain(eightDaysAgo);
  expect((await readEvents(db, before)).map(({ entityType }) => entityType)).toEqual(["Settings"]);
});
