import type { SqlRow } from "../columns/derived/schema.ts";
import { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import { entryReader } from "../query/entry-reader.ts";
import type { FactRow } from "../query/rows.ts";

/** A row of `audit_event`. */
export type StoredEvent = FactRow & SqlRow<typeof EVENT_HISTORY.columns>;

/** Puts texts in the place of ids. */
export const toEventEntries = entryReader(EVENT_HISTORY);
