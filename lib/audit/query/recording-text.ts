import { LRUCache } from "lru-cache";
import { AppError } from "../../errors.ts";
import { isAscii, lowerAscii } from "../../filter/contains.ts";
import type { FilterComparison } from "../../filter/tree.ts";
import { processState } from "../../process-state.ts";
import { TEXT_KIND } from "../columns/recordings/values/schema.ts";
import type { RunSql } from "../store/sql.ts";
import { type MatchingIds, partSql } from "./matching-ids.ts";
import type { TimeWindow } from "./schema.ts";
import type { AuditScope } from "./scope.ts";
import { spellingsOf } from "./spellings.ts";
import type { ColumnMapping } from "./surface.ts";

type RecordingTextMapping = Extract<ColumnMapping, { holds: "recordingText" }>;

/** Recordings that one condition may find. */
const MOST_RECORDINGS = 20_000;
/** Blocks of text that are read before a text counts as frequent: then each recording is asked for its first. */
const FREQUENT_BLOCKS = 2_000;

interface Asked {
  comparison: FilterComparison;
  mapping: RecordingTextMapping;
}

/**
 * The recordings of the window in which a text was typed or shown.
 * @throws AppError `permission_denied` for a reader who may not look into recordings; `invalid_argument` where there are too many.
 */
export async function findRecordings(
  run: RunSql,
  { scope, window }: { scope: AuditScope; window: TimeWindow },
  { comparison, mapping }: Asked,
): Promise<MatchingIds> {
  requirePlay(scope, comparison.field);
  const ids = await findShared(run, {
    kind: mapping.kind,
    needle: comparison.values[0] ?? "",
    from: Math.floor(window.from.getTime() / ROUND_MS) * ROUND_MS,
    to: Math.ceil(window.to.getTime() / ROUND_MS) * ROUND_MS,
  });
  if (ids.length > MOST_RECORDINGS) throw tooMany(comparison);
  return { ids, complement: false };
}

function requirePlay(scope: AuditScope, field: string): void {
  if (scope.kind === "all" && scope.recordings) return;
  throw new AppError(
    "permission_denied",
    `filter: ${field} looks into what was typed and shown in sessions, which needs the permission "recordings:play". Leave it out, or ask an auditor.`,
  );
}

function tooMany({ field, values }: FilterComparison): AppError {
  const got = `${field} : ${JSON.stringify(values[0] ?? "")}`;
  return new AppError(
    "invalid_argument",
    `More than ${MOST_RECORDINGS} recordings of this time range match ${got}. Narrow the range, or look for more of the text.`,
    { details: [{ field: "filter", got, takes: `what at most ${MOST_RECORDINGS} recordings have` }] },
  );
}

interface Search {
  kind: number;
  needle: string;
  from: number;
  to: number;
}

/**
 * A page asks for rows, count, histogram and facets at once, each with a `now` of its own: rounded, they ask the same, and one of them looks. More
 * than the window may be found; its rows are asked for the window itself.
 */
const ROUND_MS = 10_000;
const found = processState(
  "audit/found-recordings",
  () => new LRUCache<string, Promise<string[]>>({ max: 16, ttl: 5_000 }),
);

function findShared(run: RunSql, search: Search): Promise<string[]> {
  const key = JSON.stringify(search);
  const before = found.get(key);
  if (before) return before;
  const ids = search.kind === TEXT_KIND.command ? findByCommand(run, search) : findByOutput(run, search);
  found.set(key, ids);
  ids.catch(() => found.delete(key));
  return ids;
}

/** Commands are short and few: the index that holds them is read through. */
async function findByCommand(run: RunSql, search: Search): Promise<string[]> {
  const { sql, value } = partSql(":", "text", search.needle, "$3::text");
  const rows = await run<{ id: string }>(
    `SELECT DISTINCT recording_id AS id FROM recording_text
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz AND kind = ${TEXT_KIND.command} AND ${sql} LIMIT ${MOST_RECORDINGS + 1}`,
    [...boundsOf(search), value],
  );
  return rows.map(({ id }) => id);
}

/**
 * A rare text is found by its trigrams. One that is nearly everywhere would have every block of text read: of that, a recording's first block is
 * enough, and comes soon.
 */
async function findByOutput(run: RunSql, search: Search): Promise<string[]> {
  const blocks = await findBlocks(run, search);
  if (blocks.length <= FREQUENT_BLOCKS) return [...new Set(blocks)];
  const { condition, values } = outputCondition(search.needle, "shown.text");
  const rows = await run<{ id: string }>(
    `SELECT recording_id AS id FROM recording CROSS JOIN LATERAL (
       SELECT FROM recording_text shown
       WHERE shown.started_at = recording.started_at AND shown.recording_id = recording.recording_id AND shown.kind = ${TEXT_KIND.output} AND ${condition} LIMIT 1) AS found
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz LIMIT ${MOST_RECORDINGS + 1}`,
    [...boundsOf(search), ...values],
  );
  return rows.map(({ id }) => id);
}

/** The recording of each block that has the text, up to one more than makes it frequent. */
async function findBlocks(run: RunSql, search: Search): Promise<string[]> {
  const { condition, values } = outputCondition(search.needle, "text");
  // What is rare is not known beforehand: the planner would rather read everything than trust the index.
  await run("SET LOCAL enable_seqscan = off", []);
  const rows = await run<{ id: string }>(
    `SELECT recording_id AS id FROM recording_text
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz AND kind = ${TEXT_KIND.output} AND ${condition} LIMIT ${FREQUENT_BLOCKS + 1}`,
    [...boundsOf(search), ...values],
  );
  await run("SET LOCAL enable_seqscan = on", []);
  return rows.map(({ id }) => id);
}

/** Such that the index of trigrams can be used, which folds ASCII alone. Its values are `$3` and on. */
function outputCondition(needle: string, text: string): { condition: string; values: unknown[] } {
  const folded = `lower(${text} COLLATE "C")`;
  // Of text that was folded as the needle is, LIKE says the same as `partSql`.
  if (isAscii(needle))
    return { condition: `${folded} LIKE $3::text`, values: [likePattern(lowerAscii(needle))] };
  const { sql, value } = partSql(":", text, needle, "$3::text");
  const spellings = spellingsOf(needle).map(likePattern);
  if (spellings.length === 0) return { condition: sql, values: [value] };
  return { condition: `${folded} LIKE ANY ($4::text[]) AND ${sql}`, values: [value, spellings] };
}

const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

const boundsOf = ({ from, to }: Search): string[] => [
  new Date(from).toISOString(),
  new Date(to).toISOString(),
];
