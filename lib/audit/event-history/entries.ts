import type { FactRow } from "../query/rows.ts";
import { type ActorText, readTexts, type Texts } from "../query/texts.ts";
import type { RunSql } from "../store/sql.ts";
import type { EventAction, EventEntry } from "./schema.ts";
import { SOURCE_KINDS, STATUS_CODE } from "./surface.ts";

/** A row of `audit_event`. */
export interface StoredEvent extends FactRow {
  happened_at: Date;
  request_no: number | null;
  request_executed_at: Date | null;
  actor_id: number;
  cluster_id: number | null;
  action_id: number;
  operation_id: number;
  entity_type_id: number;
  source_ip_id: number | null;
  user_agent_id: number | null;
  status: number;
  entity_id: string | null;
  entity_name: string | null;
  error: string | null;
}

/** Puts texts in the place of ids. */
export async function toEventEntries(run: RunSql, rows: readonly FactRow[]): Promise<EventEntry[]> {
  const events = rows as readonly StoredEvent[];
  const texts = await readEventTexts(run, events);
  return events.map((row) => toEventEntry(row, texts));
}

/** The texts that the rows' ids stand for. */
export function readEventTexts(run: RunSql, rows: readonly StoredEvent[]): Promise<Texts> {
  return readTexts(run, {
    terms: rows.flatMap((row) => [
      row.action_id,
      row.operation_id,
      row.entity_type_id,
      row.source_ip_id,
      row.user_agent_id,
    ]),
    actors: rows.map((row) => row.actor_id),
    clusters: rows.map((row) => row.cluster_id),
  });
}

/** One row as an entry. */
export function toEventEntry(row: StoredEvent, texts: Texts): EventEntry {
  const actor = texts.actor(row.actor_id);
  const cluster = texts.cluster(row.cluster_id);
  return {
    no: row.no,
    happenedAt: row.happened_at.toISOString(),
    action: texts.term(row.action_id) as EventAction,
    operation: texts.term(row.operation_id) ?? "",
    status: row.status === STATUS_CODE.Succeeded ? "Succeeded" : "Failed",
    entityType: texts.term(row.entity_type_id) ?? "",
    entityId: row.entity_id,
    entityName: row.entity_name,
    clusterId: cluster?.clusterId || null,
    clusterName: cluster?.name || null,
    sourceType: sourceTypeOf(actor.kind),
    sourceId: actor.subjectId || null,
    sourceName: sourceNameOf(actor) || null,
    name: actor.name || null,
    email: actor.email || null,
    sourceIp: texts.term(row.source_ip_id),
    userAgent: texts.term(row.user_agent_id),
    error: row.error,
    requestNo: row.request_no,
    requestExecutedAt: row.request_executed_at?.toISOString() ?? null,
  };
}

/** The surface's word for an actor's kind. */
export function sourceTypeOf(kind: string): EventEntry["sourceType"] {
  const types = Object.entries(SOURCE_KINDS) as [EventEntry["sourceType"], readonly string[]][];
  return types.find(([, kinds]) => kinds.includes(kind))?.[0] ?? "System";
}

/** A person's email, an application's name. */
export const sourceNameOf = ({ name, email }: Pick<ActorText, "name" | "email">): string => email || name;
