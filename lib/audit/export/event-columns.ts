import { sourceNameOf, sourceTypeOf } from "../event-history/entries.ts";
import { EventEntry } from "../event-history/schema.ts";
import { STATUS_CODE } from "../event-history/surface.ts";
import type { ActorText, ClusterText } from "../query/texts.ts";
import type { CellFormat } from "./encode.ts";
import { type FileColumn, fileColumns, number, orAbsent, term, text, time, word } from "./file-columns.ts";

const actor = (write: (actor: ActorText, cells: CellFormat) => string): FileColumn => ({
  sql: "actor_id",
  holds: "id",
  of: "actors",
  write: (texts, id, cells) => write(texts.actor(id), cells),
});
const cluster = (field: keyof ClusterText): FileColumn => ({
  sql: "cluster_id",
  holds: "id",
  of: "clusters",
  write: (texts, id, cells) => orAbsent(texts.cluster(id)?.[field], cells),
});

const FIELDS = Object.keys(EventEntry.shape) as (keyof EventEntry)[];

/** Events of `audit_event`: the same as `toEventEntry` says of an entry. */
export const EVENT_COLUMNS = fileColumns(FIELDS, "happenedAt", {
  no: number("no"),
  happenedAt: time("happened_at"),
  action: term("action_id"),
  operation: term("operation_id"),
  status: word("status", STATUS_CODE),
  entityType: term("entity_type_id"),
  entityId: text("entity_id"),
  entityName: text("entity_name"),
  clusterId: cluster("clusterId"),
  clusterName: cluster("name"),
  sourceType: actor(({ kind }, cells) => cells.plain(sourceTypeOf(kind))),
  sourceId: actor(({ subjectId }, cells) => orAbsent(subjectId, cells)),
  sourceName: actor((who, cells) => orAbsent(sourceNameOf(who), cells)),
  name: actor(({ name }, cells) => orAbsent(name, cells)),
  email: actor(({ email }, cells) => orAbsent(email, cells)),
  sourceIp: term("source_ip_id"),
  userAgent: term("user_agent_id"),
  error: text("error"),
  requestNo: number("request_no"),
  requestExecutedAt: time("request_executed_at"),
});
