import { LRUCache } from "lru-cache";
import type { Context } from "../../context.ts";
import { formatFilter } from "../../filter/format.ts";
import { processState } from "../../process-state.ts";
import { recordEventAlone } from "../events/record.ts";
import type { EntityType, EventOperation } from "../events/schema.ts";
import type { ReadQuery } from "./audit-query.ts";

/** A search is one event however often its page is refreshed within this time; so is looking at one entry. */
const SAME_FOR_MS = 10 * 60_000;

const recent = processState(
  "audit/recorded-reads",
  () => new LRUCache<string, Promise<void>>({ max: 20_000, ttl: SAME_FOR_MS }),
);

/** What Event History calls the two surfaces. */
export type ReadEntity = Extract<EntityType, "RequestAudit" | "EventHistory">;

/**
 * Writes that somebody searched audit data: once a distinct search, whichever of its answers are asked for (rows, further pages, counts,
 * live tail). Fails when the event cannot be stored: what is not on the record is not shown.
 */
export function recordSearch(
  ctx: Context,
  entityType: ReadEntity,
  { window, filter: tree }: ReadQuery,
): Promise<void> {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const filter = formatFilter(tree);
  return recordOnce(ctx, {
    // A window that moves on with the clock ("the last hour") is the same search for a while.
    key: JSON.stringify([Math.floor(from / SAME_FOR_MS), Math.round((to - from) / 60_000), filter]),
    operation: "Search",
    entityType,
    entityName: filter || "everything",
    requestBody: { from: window.from.toISOString(), to: window.to.toISOString(), filter },
  });
}

/** Writes that somebody looked at one entry. */
export function recordView(ctx: Context, entityType: ReadEntity, no: number): Promise<void> {
  return recordOnce(ctx, {
    key: String(no),
    operation: "View",
    entityType,
    entityId: String(no),
    entityName: `No ${no}`,
  });
}

interface Read {
  key: string;
  operation: EventOperation;
  entityType: ReadEntity;
  entityId?: string;
  entityName: string;
  requestBody?: unknown;
}

function recordOnce(ctx: Context, { key, ...event }: Read): Promise<void> {
  const who = ctx.actor.kind === "user" || ctx.actor.kind === "application" ? ctx.actor.id : ctx.actor.kind;
  const whole = [who, ctx.sourceIp, event.entityType, event.operation, key].join("\n");
  const before = recent.get(whole);
  if (before) return before;
  // A page asks for rows, count, histogram and facets at once: they wait for the same event.
  const recorded = recordEventAlone(ctx, { action: "View", ...event }).then(() => undefined);
  recent.set(whole, recorded);
  recorded.catch(() => recent.delete(whole));
  return recorded;
}
