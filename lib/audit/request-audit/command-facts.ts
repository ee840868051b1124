import type pg from "pg";
import { AppError } from "../../errors.ts";
import { type ActorTerm, dictionaryOf } from "../store/dictionary.ts";
import { dayOf, ensurePartitions, forgetPartitions } from "../store/partitions.ts";

/** A command line of the web shell, about to run. */
export interface NewCommandFact {
  /** Its calls have it as their session id. */
  commandId: string;
  startedAt: Date;
  /** Redacted. */
  line: string;
  actor: ActorTerm;
  cluster: { id: string; name: string; endpoint: string };
  clientIp: string | null;
  tokenId: string;
  recordingId: string | null;
}

const NO_PARTITION = "23514";
const INSERT = `
  INSERT INTO kube_command (started_at, session_id, token_id, recording_id, actor_id, cluster_id, command_id, client_ip_id)
  VALUES ($1::timestamptz, $2::uuid, $3::uuid, $4::uuid, $5::int, $6::int, $7::int, $8::int)`;

/**
 * Puts a command line on the record; it may run when this resolves.
 * @throws AppError `unavailable` where it cannot be written.
 */
export async function recordCommandStart(pool: pg.Pool, fact: NewCommandFact): Promise<void> {
  try {
    await insert(pool, fact);
  } catch (error) {
    if ((error as { code?: string }).code !== NO_PARTITION) throw notRecorded(error);
    forgetPartitions(pool);
    await insert(pool, fact).catch((again: unknown) => {
      throw notRecorded(again);
    });
  }
}

async function insert(pool: pg.Pool, fact: NewCommandFact): Promise<void> {
  const day = dayOf(fact.startedAt);
  await ensurePartitions(pool, [day]);
  const { clientIp, line } = fact;
  const ids = await dictionaryOf(pool).intern({
    day,
    strings: [
      { kind: "command", value: line },
      ...(clientIp === null ? [] : [{ kind: "clientIp" as const, value: clientIp }]),
    ],
    actors: [fact.actor],
    clusters: [fact.cluster],
  });
  await pool.query(INSERT, [
    fact.startedAt.toISOString(),
    fact.commandId,
    fact.tokenId,
    fact.recordingId,
    ids.actor(fact.actor),
    ids.cluster(fact.cluster),
    ids.string("command", line),
    ids.string("clientIp", clientIp),
  ]);
}

function notRecorded(cause: unknown): AppError {
  return new AppError(
    "unavailable",
    "The command was not run: it could not be put on the record, as the database did not take it. Try again in a moment.",
    { cause },
  );
}

/** How a command ended. */
export interface CommandEnd {
  commandId: string;
  startedAt: Date;
  exitCode: number;
  durationMs: number;
}

/** Writes how a command ended; once. */
export async function recordCommandEnd(pool: pg.Pool, end: CommandEnd): Promise<void> {
  await pool.query(
    `UPDATE kube_command SET exit_code = $3::int, duration_ms = $4::bigint
     WHERE started_at = $1::timestamptz AND session_id = $2::uuid AND exit_code IS NULL`,
    [end.startedAt.toISOString(), end.commandId, end.exitCode, Math.round(end.durationMs)],
  );
}
