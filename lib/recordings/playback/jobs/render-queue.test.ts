import { afterAll, beforeAll, expect, test } from "vitest";
import type { RecordedSession } from "../../recorded-session.ts";
import { record } from "../../store/testing/store.ts";
import { getPlayback } from "../read/get-playback.ts";
import { renderJob } from "./render-job.ts";
import {
  claimRender,
  failRender,
  LeaseLost,
  MOST_ATTEMPTS,
  type RenderJob,
  retryRenders,
} from "./render-queue.ts";
import { asking, createRenderLab, person, type RenderLab, SHOWN } from "./testing/render-lab.ts";

let lab: RenderLab;
beforeAll(async () => {
  lab = await createRenderLab();
});
afterAll(() => lab.close());

const expire = ({ recordingId }: RenderJob) =>
  lab.installation.pool.query(
    "UPDATE recording_render SET lease_until = now() - interval '1 s' WHERE recording_id = $1",
    [recordingId],
  );

test("one recording is prepared by one of them", async () => {
  await lab.prepareAll();
  await record(lab.store, SHOWN);
  await record(lab.store, SHOWN);
  const claimed = await Promise.all(Array.from({ length: 6 }, () => claimRender(lab.run)));
  const jobs = claimed.filter((job) => job !== null);
  expect(new Set(jobs.map(({ recordingId }) => recordingId)).size).toBe(2);
  expect(jobs).toHaveLength(2);
  for (const job of jobs) await renderJob(lab.work, job);
});

test("who lost the lease writes nothing more", async () => {
  const { session } = await record(lab.store, SHOWN);
  const slow = await lab.claimOf(session);
  await expire(slow);
  const other = await lab.claimOf(session);
  expect(other.recordingId).toBe(slow.recordingId);
  await expect(renderJob(lab.work, slow)).rejects.toThrow(LeaseLost);
  await renderJob(lab.work, other);
  expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
});

test("a failure is tried again later, five times; then somebody has to ask", async () => {
  const { session } = await record(lab.store, SHOWN);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const job = await lab.claimOf(session);
    expect(job.attempts).toBe(attempt);
    await failRender(lab.run, job, "No space left.");
    expect(await claimRender(lab.run)).toBeNull();
    if (attempt < MOST_ATTEMPTS)
      await lab.run(
        "UPDATE recording_render SET not_before = now() - interval '1 s' WHERE recording_id = $1::uuid",
        [session.recordingId],
      );
  }
  await expect(getPlayback(asking(person("auditor"), session))).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("No space left."),
  });
  await lab.prepareAll();
  expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
});

/** What the playback does without. */
const leftOutOf = async (session: RecordedSession) =>
  (await getPlayback(asking(person("auditor"), session))).leftOut;

test("what ended its process twice is prepared without a terminal, and what a restart broke off with one", async () => {
  const { session } = await record(lab.store, SHOWN);
  await expire(await lab.claimOf(session));
  const again = await lab.claimOf(session);
  expect(again.died).toBe(false);
  await expire(again);
  await lab.prepareAll();
  expect(await leftOutOf(session)).toEqual([expect.stringMatching(/^the terminal's screens/)]);
  const { session: other } = await record(lab.store, SHOWN);
  await expire(await lab.claimOf(other));
  await lab.prepareAll();
  expect(await leftOutOf(other)).toEqual([]);
});

test("what ended its process after a try that failed is prepared without a terminal, too", async () => {
  const { session } = await record(lab.store, SHOWN);
  await failRender(lab.run, await lab.claimOf(session), "No space left.");
  await lab.run(
    "UPDATE recording_render SET not_before = now() - interval '1 s' WHERE recording_id = $1::uuid",
    [session.recordingId],
  );
  await expire(await lab.claimOf(session));
  await lab.prepareAll();
  expect(await leftOutOf(session)).toEqual([expect.stringMatching(/^the terminal's screens/)]);
});

test("what ended its process each time is given up, and tried again at the next start", async () => {
  const { session } = await record(lab.store, SHOWN);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) await expire(await lab.claimOf(session));
  expect(await claimRender(lab.run)).toBeNull();
  await retryRenders(lab.run, null);
  await lab.prepareAll();
  expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
});
