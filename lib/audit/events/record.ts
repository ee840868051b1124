import type pg from "pg";
import type { Actor, Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { gatewayPool, pool } from "../../db/connection.ts";
import { withClient } from "../../db/pool.ts";
import { AppError } from "../../errors.ts";
import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import type {
  EntityType,
  EventAction,
  EventOperation,
  EventStatus,
} from "../columns/event-history/values/schema.ts";
import { redactKnownSecrets } from "../redaction/redact-text.ts";
import { type ActorTerm, dictionaryOf, type Term, type TermIds } from "../store/dictionary.ts";
import { dayOf, ensurePartitions } from "../store/partitions.ts";
import { onPostgres, onPrisma, type RunSql } from "../store/sql.ts";
import { boundedText, storableJson } from "../store/stored-text.ts";
import { withoutSecretFields } from "./secret-fields.ts";
import { type EventRow, storeEvents } from "./store.ts";

/** One event of Event History, as the part that causes it tells it. */
export interface NewEvent {
  action: EventAction;
  /** The finer action; the action where it is left out. */
  operation?: EventOperation;
  entityType: EntityType;
  entityId?: string | null;
  entityName?: string | null;
  /** Where the event is about one cluster. */
  cluster?: { id: string; name: string; endpoint: string } | null;
  /** Succeeded where it is left out. */
  status?: EventStatus;
  error?: string | null;
  /** The object as it was and as it is, as JSON; never a secret. */
  before?: unknown;
  after?: unknown;
  requestBody?: unknown;
  /** Now where it is left out. */
  happenedAt?: Date;
  /** The Request Audit entry behind it. */
  request?: { no: number; executedAt: Date } | null;
}

/** How long an event of its own may wait for the one before. */
const ALONE_MS = 15_000;
const QUERY_CANCELED = "57014";
const EVENT = EVENT_HISTORY.columns;
const MAX_USER_AGENT_BYTES = 512;

/**
 * Writes one event with the next Event ID in the caller's transaction: if the event cannot be stored, neither can the
 * change. Call it last in the transaction: from here on, other transactions' events wait for its commit.
 * @returns the Event ID, which is final when the transaction commits.
 */
export async function recordEvent(tx: Transaction, ctx: Context, event: NewEvent): Promise<{ no: number }> {
  const row = await prepareEvent(gatewayPool(), ctx, event);
  const { first } = await storeEvents(onPrisma(tx), [row]);
  return { no: first };
}

/**
 * The same in a transaction of its own, for what changes nothing: failed logins, views, exports. On the console's connections: they are many,
 * and each waits for the one before, which must not keep anybody from signing in. `inTransaction`: what is to be there with the event, or not at all; it runs first.
 */
export async function recordEventAlone(
  ctx: Context,
  event: NewEvent,
  { inTransaction }: { inTransaction?: (run: RunSql) => Promise<void> } = {},
): Promise<{ no: number }> {
  const row = await prepareEvent(pool(), ctx, event);
  try {
    return await withClient(pool(), async (client) => {
      await client.query(`BEGIN; SET LOCAL statement_timeout = ${ALONE_MS}`);
      await inTransaction?.(onPostgres(client));
      const { first } = await storeEvents(onPostgres(client), [row]);
      await client.query("COMMIT");
      return { no: first };
    });
  } catch (error) {
    throw (error as { code?: string }).code === QUERY_CANCELED ? tooSlow(error) : error;
  }
}

function tooSlow(cause: unknown): AppError {
  return new AppError(
    "unavailable",
    `The database did not take this read's event in ${ALONE_MS / 1_000} s, and what is not on the record is not shown. Try again in a moment.`,
    { cause, retryAfterSeconds: 5 },
  );
}

/** Interns the strings and makes the day's partition, on connections other than the caller's. */
async function prepareEvent(connections: pg.Pool, ctx: Context, event: NewEvent): Promise<EventRow> {
  const happenedAt = event.happenedAt ?? new Date();
  await ensurePartitions(connections, [dayOf(happenedAt)]);
  const ids = await dictionaryOf(connections).intern({
    day: dayOf(happenedAt),
    strings: termsOf(ctx, event),
    actors: [actorTerm(ctx.actor)],
    clusters: event.cluster ? [event.cluster] : [],
  });
  return eventRow({ ctx, event, happenedAt, ids });
}

function termsOf(ctx: Context, event: NewEvent): Term[] {
  const terms: Term[] = [
    { kind: "action", value: event.action },
    { kind: "operation", value: event.operation ?? event.action },
    { kind: "entityType", value: event.entityType },
  ];
  if (ctx.sourceIp !== null) terms.push({ kind: "sourceIp", value: ctx.sourceIp });
  const userAgent = recordedUserAgent(ctx);
  if (userAgent !== null) {
    terms.push({ kind: "userAgent", value: userAgent, ofStranger: ctx.actor.kind === "anonymous" });
  }
  return terms;
}

/** An actor as `audit_actor` names one. */
function actorTerm(actor: Actor): ActorTerm {
  switch (actor.kind) {
    case "user":
      return { kind: "user", id: actor.id, name: actor.name, email: actor.email };
    case "application":
      return { kind: "application", id: actor.id, name: actor.name, email: "" };
    case "anonymous":
      return { kind: "anonymous", id: "", name: redactKnownSecrets(actor.claimed ?? ""), email: "" };
    case "system":
      return { kind: "system", id: "", name: actor.name, email: "" };
  }
}

interface Prepared {
  ctx: Context;
  event: NewEvent;
  happenedAt: Date;
  ids: TermIds;
}

function eventRow({ ctx, event, happenedAt, ids }: Prepared): EventRow {
  return {
    happened_at: happenedAt.toISOString(),
    request_no: event.request?.no ?? null,
    request_executed_at: event.request?.executedAt.toISOString() ?? null,
    actor_id: ids.actor(actorTerm(ctx.actor)),
    cluster_id: event.cluster ? ids.cluster(event.cluster) : null,
    action_id: ids.string("action", event.action)!,
    operation_id: ids.string("operation", event.operation ?? event.action)!,
    entity_type_id: ids.string("entityType", event.entityType)!,
    source_ip_id: ids.string("sourceIp", ctx.sourceIp),
    user_agent_id: ids.string("userAgent", recordedUserAgent(ctx)),
    status: EVENT.status.stored.codes[event.status ?? "Succeeded"]!,
    entity_id: optionalText(event.entityId, EVENT.entityId.stored.maxBytes),
    entity_name: optionalText(event.entityName, EVENT.entityName.stored.maxBytes),
    error: optionalText(errorOf({ ctx, event, ids }), EVENT.error.stored.maxBytes),
    before: recordedObject(event.before),
    after: recordedObject(event.after),
    request_body: recordedObject(event.requestBody),
  };
}

/** With the User-Agent of somebody unknown for which there is no room in the dictionary. */
function errorOf({ ctx, event, ids }: Pick<Prepared, "ctx" | "event" | "ids">): string | null {
  const error = event.error ?? null;
  const userAgent = recordedUserAgent(ctx);
  if (userAgent === null || userAgent === "" || ids.string("userAgent", userAgent) !== null) return error;
  return `${error ?? ""} [not to be filtered by: userAgent ${JSON.stringify(userAgent)}]`;
}

function optionalText(text: string | null | undefined, maxBytes: number): string | null {
  return text === null || text === undefined || text === ""
    ? null
    : boundedText(redactKnownSecrets(text), maxBytes);
}

/** What a client says of itself may hold a secret by mistake, as any text may. */
const recordedUserAgent = ({ userAgent }: Context): string | null =>
  userAgent === null ? null : boundedText(redactKnownSecrets(userAgent), MAX_USER_AGENT_BYTES);

function recordedObject(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const visible = JSON.stringify(withoutSecretFields(value), (_key, inner: unknown) => {
    if (typeof inner === "string") return redactKnownSecrets(inner);
    return typeof inner === "bigint" ? inner.toString() : inner;
  });
  return storableJson(JSON.parse(visible));
}
