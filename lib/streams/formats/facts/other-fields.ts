import { EVENT_HISTORY } from "../../../audit/columns/event-history/schema.ts";
import { RECORDINGS } from "../../../audit/columns/recordings/schema.ts";
import { REQUEST_AUDIT } from "../../../audit/columns/request-audit/schema.ts";
import type { StreamRecord } from "../../surfaces/stream-record.ts";

type Entry<S extends StreamRecord["surface"]> = Extract<StreamRecord, { surface: S }>["entry"];

const TABLES = { requests: REQUEST_AUDIT, events: EVENT_HISTORY, recordings: RECORDINGS } as const;

/** A value as the entry has it. */
export const asIs = (value: unknown) => value;

export const snakeCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Makes what collects the fields of an entry that a format has no place of its own for, so that nothing is lost and a new column is sent the day it is
 * there. `placed`: the keys that have a place. `nameOf`: what the format calls the others, `write`: how it writes their values.
 */
export function otherFields<S extends StreamRecord["surface"], Value>(
  surface: S,
  placed: readonly (keyof Entry<S>)[],
  nameOf: (key: string) => string,
  write: (value: unknown) => Value,
): (entry: Entry<S>) => Record<string, Value> {
  const keys = Object.entries(TABLES[surface].columns)
    .filter(([key, { api }]) => api !== null && !(placed as readonly string[]).includes(key))
    .map(([key]) => [key, nameOf(key)] as const);
  return (entry) => {
    const others: Record<string, Value> = {};
    for (const [key, name] of keys) {
      const value = (entry as Readonly<Record<string, unknown>>)[key];
      if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      others[name] = write(value);
    }
    return others;
  };
}
