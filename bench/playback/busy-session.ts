import { zstdCompressSync } from "node:zlib";
import { headerLine } from "../../lib/recordings/cast/cast-header.ts";
import { encodeEvents } from "../../lib/recordings/cast/encode-events.ts";
import { chainHash, firstHash } from "../../lib/recordings/store/chain-hash.ts";
import type { Chunk } from "../../lib/recordings/store/chunk.ts";
import { testSession } from "../../lib/recordings/store/testing/recorded.ts";
import { createRandom } from "../../test/history/random.ts";

const LEVELS = ["INFO", "WARN", "ERROR", "DEBUG"];
const COLOURS = [32, 33, 31, 90];
const WORDS = ["payment", "accepted", "refused", "queue", "retry", "timeout", "order", "customer", "shard"];

/** A session in which somebody follows a busy log, with a chunk for each 400 ms; the last is at `durationMs`. */
export function* busySession({ bytes, durationMs }: { bytes: number; durationMs: number }) {
  const session = testSession({ startedAt: Date.now() - durationMs });
  const random = createRandom(7);
  const chunks = Math.ceil(durationMs / 400);
  let hash = firstHash(session.recordingId);
  let lastMs = 0;
  for (let seq = 0; seq < chunks; seq += 1) {
    const toMs = Math.round(((seq + 1) * durationMs) / chunks);
    const text = logLines(random, Math.round(bytes / chunks));
    const size = headerLine({ version: 3, term: { cols: 120, rows: 40 } });
    const head = seq === 0 ? size : "";
    const data = zstdCompressSync(head + encodeEvents(eventsOf(text, { fromMs: lastMs, toMs }), lastMs));
    const times = { fromMs: lastMs, toMs };
    hash = chainHash(hash, { seq, ...times, data });
    lastMs = toMs;
    const outputBytes = Buffer.byteLength(text);
    const chunk: Chunk = { ...session, seq, ...times, outputBytes, data, hash };
    yield { session, chunk };
  }
}

/** Half a dozen reads of a pipe. */
function eventsOf(text: string, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  const reads = 6;
  return Array.from({ length: reads }, (_, n) => {
    const atMs = Math.round(fromMs + ((n + 1) * (toMs - fromMs)) / reads);
    const [from, to] = [n, n + 1].map((part) => Math.round((part * text.length) / reads));
    return { atMs, code: "o" as const, data: text.slice(from, to) };
  });
}

function logLines(random: ReturnType<typeof createRandom>, bytes: number): string {
  const lines: string[] = [];
  for (let size = 0; size < bytes; size += lines.at(-1)!.length) {
    const level = random.integer(0, LEVELS.length - 1);
    const words = Array.from({ length: random.integer(4, 14) }, () => random.pick(WORDS));
    const id = random.integer(0, 999_999_999).toString(16);
    lines.push(
      `2026-11-28T12:00:${random.integer(10, 59)}Z \x1b[${COLOURS[level]}m${LEVELS[level]}\x1b[0m [${id}] ${words.join(" ")}\r\n`,
    );
  }
  return lines.join("");
}
