import type pg from "pg";
import { recordEventAlone } from "../../audit/events/record.ts";
import { addDays, type Day, dayOf, listPartitions, type Partition } from "../../audit/store/partitions.ts";
import { onPostgres, type RunSql } from "../../audit/store/sql.ts";
import { config } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { type StreamSurface, SURFACE_TITLES } from "../surfaces/schema.ts";
import { SOURCES } from "../surfaces/sources.ts";

interface Cursor {
  id: string;
  name: string;
  holds: boolean;
  surface: StreamSurface;
  lastNo: number;
}

const DAY_MS = 86_400_000;

/**
 * Which days retention keeps for streams that have not sent them: the first one, `firstKept` where none waits. A day is kept for
 * `streams.retention_wait` longer at most; then it goes, and Event History and the stream say which numbers it never sent.
 */
export async function holdDaysForStreams(pool: pg.Pool, firstKept: Day): Promise<Day> {
  const run = onPostgres(pool);
  const longest = addDays(firstKept, -Math.ceil(config().streams.retentionWaitMs / DAY_MS));
  const cursors = await findCursors(run);
  if (cursors.length === 0) return firstKept;
  const expired = (await listPartitions(pool)).filter(({ day }) => day < firstKept);
  const held = new Map<string, Day>();
  for (const cursor of cursors) {
    for (const partition of expired.filter(({ table }) => table === SOURCES[cursor.surface].surface.stream)) {
      if (!(await hasUnsent(run, cursor, partition))) continue;
      if (partition.day < longest) await noteLoss(run, cursor, partition);
      else held.set(cursor.id, earlier(held.get(cursor.id), partition.day));
    }
  }
  await noteHolding(cursors, held, longest);
  return [...held.values()].reduce(earlier, firstKept);
}

const earlier = (one: Day | undefined, other: Day): Day => (one !== undefined && one < other ? one : other);

function findCursors(run: RunSql): Promise<Cursor[]> {
  return run(
    `SELECT s.id, s.name, s.holds_since IS NOT NULL AS holds, c.surface, c.last_no AS "lastNo"
     FROM streams s JOIN stream_cursors c ON c.stream_id = s.id ORDER BY s.name`,
    [],
  );
}

/** The index of numbers tells it without a look at what was sent. */
async function hasUnsent(run: RunSql, { lastNo }: Cursor, { name }: Partition): Promise<boolean> {
  const [found] = await run<{ unsent: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM ${name} WHERE no > $1::bigint) AS unsent`,
    [lastNo],
  );
  return found!.unsent;
}

/** Told before the day goes, and once however often its dropping is tried. */
async function noteLoss(run: RunSql, cursor: Cursor, { name, day }: Partition): Promise<void> {
  const [lost] = await run<{ from: number; to: number; count: number }>(
    `SELECT min(no) AS from, max(no) AS to, count(*) AS count FROM ${name} WHERE no > $1::bigint`,
    [cursor.lastNo],
  );
  const { from, to, count } = lost!;
  const known = await run(
    "SELECT 1 FROM stream_losses WHERE stream_id = $1::uuid AND surface = $2::text AND to_no = $3::bigint",
    [cursor.id, cursor.surface, to],
  );
  if (known.length > 0) return;
  const title = SURFACE_TITLES[cursor.surface];
  await recordEventAlone(
    systemContext("Kubewitness"),
    {
      action: "Update",
      entityType: "Stream",
      entityId: cursor.id,
      entityName: cursor.name,
      status: "Failed",
      error: `Retention dropped ${title} of ${day} before the stream had sent it: numbers ${from} to ${to}, ${count} of them on that day, are lost to its receiver.`,
      after: { lost: { surface: cursor.surface, from, to, count, day } },
    },
    {
      inTransaction: async (inside) => {
        await inside(
          `INSERT INTO stream_losses (stream_id, surface, from_no, to_no)
           SELECT id, $2::text, $3::bigint, $4::bigint FROM streams WHERE id = $1::uuid ON CONFLICT DO NOTHING`,
          [cursor.id, cursor.surface, from, to],
        );
      },
    },
  );
}

async function noteHolding(
  cursors: readonly Cursor[],
  held: ReadonlyMap<string, Day>,
  longest: Day,
): Promise<void> {
  const streams = new Map(cursors.map((cursor) => [cursor.id, cursor]));
  for (const { id, name, holds } of streams.values()) {
    const day = held.get(id);
    if (holds === (day !== undefined)) continue;
    const set = async (run: RunSql) => {
      await run("UPDATE streams SET holds_since = CASE WHEN $2::boolean THEN now() END WHERE id = $1::uuid", [
        id,
        day !== undefined,
      ]);
    };
    const waited =
      day === undefined ? null : Math.round((Date.parse(day) - Date.parse(longest)) / DAY_MS) + 1;
    await recordEventAlone(
      systemContext("Kubewitness"),
      {
        action: "Update",
        entityType: "Stream",
        entityId: id,
        entityName: name,
        ...(day === undefined
          ? { after: { retentionWaits: false } }
          : {
              status: "Failed" as const,
              error: `Retention waits for the stream: ${day} is kept until it is sent, until ${addDays(dayOf(Date.now()), waited!)} at the longest.`,
              after: { retentionWaits: true, firstDay: day },
            }),
      },
      { inTransaction: set },
    );
  }
}

/** Dead letters are of the record: they go with their day. */
export async function forgetLettersOfDays(pool: pg.Pool, firstKept: Day): Promise<void> {
  await pool.query("DELETE FROM stream_dead_letters WHERE happened_at < $1::timestamptz", [
    `${firstKept}T00:00:00Z`,
  ]);
}
