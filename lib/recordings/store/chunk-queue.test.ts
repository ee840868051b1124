import { expect, test } from "vitest";
import type { Chunk } from "./chunk.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import { testChunks, testSession } from "./testing/recorded.ts";

/** A place that takes each batch when it is told to. */
function slowPlace(onBroken?: () => void) {
  const batches: { chunks: readonly Chunk[]; take(): void; refuse(): void }[] = [];
  const queue = new ChunkQueue((chunks) => {
    const { promise, resolve } = Promise.withResolvers<ReadonlySet<string>>();
    const take = () => resolve(new Set(chunks.map(({ recordingId }) => recordingId)));
    // Another process closed them.
    batches.push({ chunks, take, refuse: () => resolve(new Set()) });
    return promise;
  }, onBroken);
  return { queue, batches };
}

const seqs = ({ chunks }: { chunks: readonly Chunk[] }) => chunks.map(({ seq }) => seq);

test("what comes while a batch is under way is the next one, of all sessions and in order", async () => {
  const { queue, batches } = slowPlace();
  const [mine, others] = [testSession(), testSession()];
  const chunks = testChunks(mine, ["0", "1", "2"]);
  const first = queue.append(chunks[0]!);
  await expect.poll(() => batches.length).toBe(1);
  const later = [...chunks.slice(1), ...testChunks(others, ["0"])].map((chunk) => queue.append(chunk));
  batches[0]!.take();
  await first;
  await expect.poll(() => batches.length).toBe(2);
  expect(batches.map(seqs)).toEqual([[0], [1, 2, 0]]);
  batches[1]!.take();
  await Promise.all(later);
  expect(queue.bytes).toBe(0);
});

test("a batch is bounded, and so is what waits: then the session is told, and no later piece of it is taken", async () => {
  const { queue, batches } = slowPlace();
  const large = (chunk: Chunk): Chunk => ({ ...chunk, data: Buffer.alloc(3 * 2 ** 20) });
  const chunks = testChunks(testSession(), Array.from({ length: 22 }, String)).map(large);
  const appended = chunks.map((chunk) => queue.append(chunk));
  for (const each of appended) each.catch(() => undefined);
  await expect(appended[21]).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("63 MiB of recordings wait for PostgreSQL already"),
  });
  // What waited of it fails with it; another session's is taken.
  await expect(appended[20]).rejects.toMatchObject({ code: "unavailable" });
  const another = queue.append(testChunks(testSession(), ["x"])[0]!);
  await expect.poll(() => batches.length).toBe(1);
  expect(batches[0]!.chunks).toHaveLength(1);
  batches[0]!.take();
  await another;
  expect(queue.bytes).toBe(0);
});

test("of a recording that cannot go on it tells once, however many of its pieces waited", async () => {
  let broken = 0;
  const { queue, batches } = slowPlace(() => {
    broken += 1;
  });
  const chunks = testChunks(testSession(), ["0", "1", "2"]);
  const appended = chunks.slice(0, 2).map((chunk) => queue.append(chunk));
  await expect.poll(() => batches.length).toBe(1);
  batches[0]!.refuse();
  for (const each of [...appended, queue.append(chunks[2]!)])
    await expect(each).rejects.toMatchObject({ code: "conflict" });
  expect(broken).toBe(1);
});

test("of a recording that ended nothing is kept in mind", async () => {
  const { queue, batches } = slowPlace();
  const session = testSession();
  const [chunk] = testChunks(session, ["x"]);
  const appended = queue.append({ ...chunk!, data: Buffer.alloc(65 * 2 ** 20) });
  await expect(appended).rejects.toMatchObject({ code: "unavailable" });
  await expect(queue.append(chunk!)).rejects.toMatchObject({ code: "unavailable" });
  queue.forget(session.recordingId);
  const again = queue.append(chunk!);
  await expect.poll(() => batches.length).toBe(1);
  batches[0]!.take();
  await again;
});

test("what is under way of a recording that was given up and has ended says nothing of it any more", async () => {
  const { queue, batches } = slowPlace();
  const session = testSession();
  const [chunk] = testChunks(session, ["x"]);
  const underWay = queue.append(chunk!);
  underWay.catch(() => undefined);
  await expect.poll(() => batches.length).toBe(1);
  const tooLarge = queue.append({ ...chunk!, data: Buffer.alloc(65 * 2 ** 20) });
  await expect(tooLarge).rejects.toMatchObject({ code: "unavailable" });
  await expect(underWay).rejects.toMatchObject({ code: "unavailable" });
  queue.forget(session.recordingId);
  batches[0]!.refuse();
  await queue.settled();
  const again = queue.append(chunk!);
  await expect.poll(() => batches.length).toBe(2);
  batches[1]!.take();
  await again;
});
