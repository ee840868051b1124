import { AppError } from "../../errors.ts";
import { isAscii, lowerAscii } from "../../filter/contains.ts";
import type { FilterComparison } from "../../filter/tree.ts";
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
const COMMAND = 1;

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
  const needle = comparison.values[0] ?? "";
  const find = mapping.kind === COMMAND ? findByCommand : findByOutput;
  const ids = await find(run, { window, needle });
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
  window: TimeWindow;
  needle: string;
}

/** Commands are short and few: the index that holds them is read through. */
async function findByCommand(run: RunSql, { window, needle }: Search): Promise<string[]> {
  const { sql, value } = partSql(":", "text", needle, "$3::text");
  const rows = await run<{ id: string }>(
    `SELECT DISTINCT recording_id AS id FROM recording_text
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz AND kind = 1 AND ${sql} LIMIT ${MOST_RECORDINGS + 1}`,
    [...boundsOf(window), value],
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
       WHERE shown.started_at = recording.started_at AND shown.recording_id = recording.recording_id AND shown.kind = 2 AND ${condition} LIMIT 1) AS found
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz LIMIT ${MOST_RECORDINGS + 1}`,
    [...boundsOf(search.window), ...values],
  );
  return rows.map(({ id }) => id);
}

/** The recording of each block that has the text, up to one more than makes it frequent. */
async function findBlocks(run: RunSql, { window, needle }: Search): Promise<string[]> {
  const { condition, values } = outputCondition(needle, "text");
  // What is rare is not known beforehand: the planner would rather read everything than trust the index.
  await run("SET LOCAL enable_seqscan = off", []);
  const rows = await run<{ id: string }>(
    `SELECT recording_id AS id FROM recording_text
     WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz AND kind = 2 AND ${condition} LIMIT ${FREQUENT_BLOCKS + 1}`,
    [...boundsOf(window), ...values],
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

const boundsOf = ({ from, to }: TimeWindow): string[] => [from.toISOString(), to.toISOString()];
