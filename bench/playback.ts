// npm run bench -- playback [--megabytes 50] [--minutes 60] [--url postgresql://...]
// A session that follows a busy log: how long it takes to be prepared for playback, in how much memory, and how soon a player has its first frame
// and any other moment. Without --url a database is made.
import { parseArgs } from "node:util";
import { auditScope } from "../lib/access/permission.ts";
import { onPostgres } from "../lib/audit/store/sql.ts";
import { installConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { renderJob } from "../lib/recordings/playback/jobs/render-job.ts";
import { claimRender } from "../lib/recordings/playback/jobs/render-queue.ts";
import { getPlayback } from "../lib/recordings/playback/read/get-playback.ts";
import { getSegment } from "../lib/recordings/playback/read/get-segment.ts";
import { searchRecording } from "../lib/recordings/search/search-recording.ts";
import type { Chunk } from "../lib/recordings/store/chunk.ts";
import { openStore } from "../lib/recordings/store/recording-store.ts";
import { testEnd } from "../lib/recordings/store/testing/recorded.ts";
import { storeConfig } from "../lib/recordings/store/testing/store.ts";
import { busySession } from "./playback/busy-session.ts";
import { startServer } from "./query/history.ts";

const { values: options } = parseArgs({
  options: {
    megabytes: { type: "string", default: "50" },
    minutes: { type: "string", default: "60" },
    url: { type: "string" },
  },
});
const server = options.url ? null : await startServer();
const url = options.url ?? server!.url;
await migrateDatabase(url);
const { pool } = connectDatabase(url);
const config = storeConfig(url);
installConfig(config as never);
const ctx = systemContext("bench");
const scope = auditScope(ctx);
try {
  const id = await recordSession();
  await prepare();
  await play(id);
} finally {
  await disconnectDatabase();
  await server?.stop();
}

async function recordSession(): Promise<string> {
  const store = openStore(config);
  const chunks: Chunk[] = [];
  const durationMs = Number(options.minutes) * 60_000;
  const recorded = busySession({ bytes: Number(options.megabytes) * 1e6, durationMs });
  let session = null;
  for (const next of recorded) {
    if (!session) await store.begin(next.session);
    session = next.session;
    chunks.push(next.chunk);
  }
  for (let at = 0; at < chunks.length; at += 100)
    await Promise.all(chunks.slice(at, at + 100).map((chunk) => store.append(chunk)));
  const end = testEnd(session!, chunks);
  await store.finish({ ...end, endedAt: end.startedAt + durationMs });
  await store.stop();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  console.log(
    `recorded ${megabytes(end.outputBytes)} MB in ${chunks.length} chunks, ${megabytes(end.storedBytes)} MB compressed`,
  );
  return session!.recordingId;
}

async function prepare(): Promise<void> {
  const job = await claimRender(onPostgres(pool));
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await renderJob({ pool, config, redactPatterns: [] }, job!);
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  console.log(
    `prepared in ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of a processor), ${Math.round((most - before) / 1e6)} MB more memory at most`,
  );
  const sizes = await pool.query(
    `SELECT (SELECT count(*) FROM recording_segment) AS segments, (SELECT sum(octet_length(data)) FROM recording_segment)::bigint AS bytes,
       (SELECT sum(octet_length(text)) FROM recording_text)::bigint AS text, (SELECT count(*) FROM recording_text) AS blocks`,
  );
  console.log(sizes.rows[0]);
}

async function play(id: string): Promise<void> {
  const first = await timed(async () => {
    const index = await getPlayback({ ctx, scope, input: { id } });
    await getSegment({ ctx, scope, input: { id, seq: 0 } });
    return index;
  });
  const { segments, chain } = first.answer;
  console.log(
    `index and first segment: ${first.ms.toFixed(0)} ms (chain of ${chain.chunks} checked: ${chain.intact})`,
  );
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const seq = Math.floor((n * 7919) % segments.length);
    times.push((await timed(() => getSegment({ ctx, scope, input: { id, seq } }))).ms);
  }
  times.sort((one, other) => one - other);
  console.log(`a segment: median ${times[100]!.toFixed(1)} ms, most ${times[199]!.toFixed(1)} ms`);
  for (const q of ["refused", "no such text", "WARN"]) {
    const search = await timed(() => searchRecording({ ctx, scope, input: { id, q } }));
    console.log(`search for ${q}: ${search.ms.toFixed(0)} ms, ${search.answer.hits.length} hits`);
  }
}

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; answer: T }> {
  const begun = performance.now();
  const answer = await run();
  return { ms: performance.now() - begun, answer };
}
