import { z } from "zod";
import type { FilterNode } from "../../filter/tree.ts";
import { fieldSet, toldShape } from "../columns/derived/schema.ts";
import { EVENT_HISTORY } from "../columns/event-history/schema.ts";

/** One event as the page, the API and the exports show it. Absent values are null. Newest first, by `happenedAt`, then `no`. */
export const EventEntry = z.object(toldShape(EVENT_HISTORY)).meta({ id: "EventEntry" });
export type EventEntry = z.infer<typeof EventEntry>;

/** One event with what changed. Secrets are never in it. */
export const EventDetail = EventEntry.extend({
  before: z.unknown().meta({ description: "The object before the change; null where there was none." }),
  after: z.unknown().meta({ description: "The object after the change; null where there is none." }),
  requestBody: z.unknown().meta({ description: "What the request asked for." }),
}).meta({ id: "EventDetail" });
export type EventDetail = z.infer<typeof EventDetail>;

export const EventList = z
  .object({ entries: z.array(EventEntry), next: z.string().nullable() })
  .meta({ id: "EventList" });
export type EventList = z.infer<typeof EventList>;

/** The page's and the API's longest window. */
export const EVENT_WINDOW_DAYS = 30;

/** What a filter over Event History may name. */
export const EVENT_HISTORY_FIELDS = fieldSet(EVENT_HISTORY);

/**
 * The parts of Event History that its page can be kept to: what people changed and how they signed in, beside which the copies of
 * Kubernetes changes (Request Audit has their calls) and the reads of the record are a thousand times as many. Written with fields that have
 * counters, so that a part is found as fast as everything.
 */
export const EVENT_SCOPES = [
  {
    value: "changes",
    label: "Changes",
    description: "changes and sign-ins",
    filter:
      "NOT entityType IN (KubernetesResource, TerminalSession) AND NOT operation IN (View, Search, Playback)",
  },
  {
    value: "kubernetes",
    label: "Kubernetes",
    description: "Kubernetes changes and sessions",
    filter: "entityType IN (KubernetesResource, TerminalSession)",
  },
  {
    value: "reads",
    label: "Reads",
    description: "reads of the record",
    filter: "operation IN (View, Search, Playback, Export)",
  },
  { value: "all", label: "All", description: "everything", filter: "" },
] as const;

/** What the search field means: a part of who acted or of what was acted on. */
export function searchToEventFilter(search: string): FilterNode | null {
  const text = search.trim();
  if (text === "") return null;
  const nodes = ["user", "entityName", "cluster"].map((field): FilterNode => {
    return { kind: "comparison", field, op: ":", values: [text] };
  });
  return { kind: "or", nodes };
}
