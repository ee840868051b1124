import { LRUCache } from "lru-cache";
import type { Context } from "../../context.ts";
import { formatFilter } from "../../filter/format.ts";
import { processState } from "../../process-state.ts";
import type { EntityType, EventOperation } from "../columns/event-history/values/schema.ts";
import { recordEventAlone } from "../events/record.ts";
import { redactFilter } from "../redaction/redact-filter.ts";
import type { ReadQuery } from "./audit-query.ts";
import { findRepeated, type RecordedSearch, rememberSearch } from "./repeated-search.ts";

/** Looking at one entry is one event however often it is asked for within this time. */
const SAME_VIEW_FOR_MS = 10 * 60_000;

const views = processState(
  "audit/recorded-views",
  () => new LRUCache<string, Promise<void>>({ max: 20_000, ttl: SAME_VIEW_FOR_MS }),
);
const searches = processState(
  "audit/recorded-searches",
  () => new LRUCache<string, RecordedSearch[]>({ max: 20_000 }),
);

/** What Event History calls the surfaces. */
export type ReadEntity = Extract<EntityType, "RequestAudit" | "EventHistory" | "Recording">;

/**
 * Writes that somebody searched audit data: once a distinct search, whichever of its answers are asked for (rows, further pages, counts,
 * live tail) and however often its page refreshes itself. Fails when the event cannot be stored: what is not on the record is not shown.
 */
export function recordSearch(
  ctx: Context,
  entityType: ReadEntity,
  { window, filter: tree }: ReadQuery,
): Promise<void> {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const filter = formatFilter(redactFilter(tree));
  const key = keyOf(ctx, entityType, Math.round((to - from) / 60_000), formatFilter(tree));
  const now = Date.now();
  const earlier = searches.get(key) ?? [];
  const repeated = findRepeated(earlier, from, now);
  if (repeated) {
    Object.assign(repeated, { lastFrom: Math.max(from, repeated.lastFrom), seenAt: now });
    return repeated.recorded;
  }
  // A page asks for rows, count, histogram and facets at once: they wait for the same event.
  const recorded = writeView(ctx, {
    operation: "Search",
    entityType,
    entityName: filter || "everything",
    requestBody: { from: window.from.toISOString(), to: window.to.toISOString(), filter },
  });
  const search = { firstFrom: from, lastFrom: from, startedAt: now, seenAt: now, recorded };
  searches.set(key, rememberSearch(earlier, search));
  recorded.catch(() => {
    searches.set(
      key,
      (searches.get(key) ?? []).filter((other) => other !== search),
    );
  });
  return recorded;
}

/** Writes that somebody looked at one entry, by its number or its id. */
export function recordView(ctx: Context, entityType: ReadEntity, entry: number | string): Promise<void> {
  const key = keyOf(ctx, entityType, entry);
  const before = views.get(key);
  if (before) return before;
  const recorded = writeView(ctx, {
    operation: "View",
    entityType,
    entityId: String(entry),
    entityName: typeof entry === "number" ? `No ${entry}` : entry,
  });
  views.set(key, recorded);
  recorded.catch(() => views.delete(key));
  return recorded;
}

interface View {
  operation: EventOperation;
  entityType: ReadEntity;
  entityId?: string;
  entityName: string;
  requestBody?: unknown;
}

function writeView(ctx: Context, view: View): Promise<void> {
  return recordEventAlone(ctx, { action: "View", ...view }).then(() => undefined);
}

/** One person's reads from one address. */
function keyOf(ctx: Context, ...what: (string | number)[]): string {
  const who = ctx.actor.kind === "user" || ctx.actor.kind === "application" ? ctx.actor.id : ctx.actor.kind;
  return [who, ctx.sourceIp, ...what].join("\n");
}
