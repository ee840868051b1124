import type pg from "pg";
import { storeRecordings } from "../../test/audit/store-recordings.ts";
import { generateRecordings, type HistoryRecording } from "../../test/history/generate-recordings.ts";
import { createRandom, type Random } from "../../test/history/random.ts";

/** In one recording alone. */
export const RARE_COMMAND = "etcdctl snapshot save";
export const RARE_LINE = "disk quota exceeded on /var/lib/etcd";

const COMMANDS = [
  "ls -la",
  "kubectl get pods",
  "cat /etc/hosts",
  "ps aux",
  "env",
  "df -h",
  "tail -n 100 app.log",
  "exit",
];
const SELDOM = ["rm -rf /tmp/cache", "vi /etc/app.conf", "kill -9 1", "psql -h db"];
const LINES = [
  "GET /api/orders 200 127.0.0.1",
  "connection refused by upstream",
  "payment accepted for customer",
  "error: deadline exceeded",
  "drwxr-xr-x 2 root root 4096",
  "worker picked job from queue",
];
const BLOCK = 4_000;
const TOGETHER = 500;

interface Filling {
  sessions: number;
  from: Date;
  to: Date;
  /** Of text, on average. */
  bytes: number;
}

/** Recordings with what was typed and shown in them, as the rendering leaves it. */
export async function fillRecordings(pool: pg.Pool, { sessions, from, to, bytes }: Filling): Promise<void> {
  const random = createRandom(11);
  const range = { count: sessions, from: from.getTime(), to: to.getTime(), seed: 5 };
  let group: HistoryRecording[] = [];
  let done = 0;
  const flush = async () => {
    await storeRecordings(pool, group);
    for (const recording of group) {
      done += 1;
      await storeText(pool, recording, textOf(random, { bytes, isRare: done === Math.floor(sessions / 3) }));
    }
    group = [];
  };
  for (const recording of generateRecordings(range)) {
    group.push(recording);
    if (group.length === TOGETHER) await flush();
  }
  await flush();
  await pool.query("VACUUM ANALYZE recording, recording_text");
}

interface Row {
  seq: number;
  kind: number;
  text: string;
}

/** Most sessions are short, few are long. */
function textOf(random: Random, { bytes, isRare }: { bytes: number; isRare: boolean }): Row[] {
  const commands = Array.from({ length: random.integer(1, 40) }, () =>
    random.pick(random.integer(0, 30) === 0 ? SELDOM : COMMANDS),
  );
  if (isRare) commands.push(RARE_COMMAND);
  const size = bytes * 3 * random.next() ** 2;
  const blocks: string[] = [];
  for (let written = 0; written < size; written += BLOCK) blocks.push(blockOf(random));
  if (isRare) blocks.push(RARE_LINE);
  if (random.integer(0, 400) === 0) blocks.push("-----BEGIN RSA PRIVATE KEY-----\nGröße");
  blocks.push(commands.map((command) => `/ # ${command}`).join("\n"));
  const rows = (kind: number) => (text: string, seq: number) => ({ seq, kind, text });
  return [...commands.map(rows(1)), ...blocks.map(rows(2))];
}

function blockOf(random: Random): string {
  const lines: string[] = [];
  for (let size = 0; size < BLOCK; size += lines.at(-1)!.length)
    lines.push(
      `${random.integer(0, 0xffffffff).toString(16)} ${random.pick(LINES)} ${random.integer(0, 1e6)}`,
    );
  return lines.join("\n");
}

async function storeText(pool: pg.Pool, { recordingId, startedAt }: HistoryRecording, rows: Row[]) {
  await pool.query(
    `INSERT INTO recording_text (started_at, recording_id, seq, at_ms, kind, text)
     SELECT $1::timestamptz, $2::uuid, seq, 0, kind, text
     FROM jsonb_to_recordset($3::jsonb) AS row (seq int, kind smallint, text text)`,
    [new Date(startedAt), recordingId, JSON.stringify(rows)],
  );
}
