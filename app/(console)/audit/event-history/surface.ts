import {
  EVENT_HISTORY_FIELDS,
  EVENT_SCOPES,
  EVENT_WINDOW_DAYS,
  EventEntry,
  EventList,
} from "../../../../lib/audit/event-history/schema.ts";
import { RANGE_PRESETS } from "../../../components/audit/range/time-range.ts";
import type { AuditSurface } from "../../../components/audit/surface.ts";
import { EVENT_COLUMNS } from "./columns.tsx";
import { EventPhoneRow } from "./phone-row.tsx";

/** Audit › Event History. */
export const EVENT_HISTORY: AuditSurface<EventEntry> = {
  id: "event_history",
  title: "Event History",
  path: ["Audit"],
  href: "/audit/event-history",
  endpoint: "/api/v1/event-history",
  listSchema: EventList,
  rowSchema: EventEntry,
  noun: { one: "event", many: "events" },
  fields: EVENT_HISTORY_FIELDS,
  filterExample: 'entityType = "AccessGrant" AND status = "Failed"',
  columns: EVENT_COLUMNS,
  defaultRange: { from: "today-29d", to: "today" },
  presets: RANGE_PRESETS,
  longestRangeDays: EVENT_WINDOW_DAYS,
  scopes: EVENT_SCOPES,
  search: {
    placeholder: "Person or object",
    lookedIn: "the name or email of a person, the name of an object or of a cluster",
    elsewhere: ["error", "entityId", "sourceIp"],
  },
  isFailure: (event) => event.status === "Failed",
  messageOf: (event) => event.error,
  failure: { field: "status", value: "Failed" },
  outcome: { success: "Succeeded", failure: "Failed" },
  PhoneRow: EventPhoneRow,
  firstRun: { text: "Every change of a business object and every login shows up here within a second." },
};
