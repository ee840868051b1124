import { entryKeyOf } from "../columns/derived/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import type { KubeRequestEntry } from "./entry.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A partition is named after four digits of a year. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** The fields of ids that may be absent; some are a client's word. */
const IDS = Object.entries(REQUEST_AUDIT.columns).flatMap(([key, column]) =>
  column.stored.holds === "uuid" && !column.facts.required ? (entryKeyOf(key, column) ?? []) : [],
) as (keyof KubeRequestEntry)[];

/**
 * Refuses what no row can hold before it is in the journal, where it could only be set aside. What a client claims of itself
 * (session and recording) is left out instead where it is no UUID. Throws a TypeError.
 */
export function checkedEntry(entry: KubeRequestEntry): KubeRequestEntry {
  if (!UUID.test(entry.callId))
    throw new TypeError(`callId got ${JSON.stringify(entry.callId)}: takes a UUID`);
  if (!(entry.executedAt >= EARLIEST && entry.executedAt < LATEST)) {
    throw new TypeError(
      `executedAt got ${entry.executedAt}: takes milliseconds since 1970, between the years 2000 and 9999`,
    );
  }
  let checked = entry;
  for (const id of IDS) {
    const value = entry[id];
    if (value !== null && !(typeof value === "string" && UUID.test(value)))
      checked = { ...checked, [id]: null };
  }
  return checked;
}
