import type { ArgumentDescription, Options } from "../program/command.ts";
import { AUDIT_SURFACES, type RecordName } from "./surfaces.ts";

const RECORDS = Object.keys(AUDIT_SURFACES) as RecordName[];

export const FILTER_ARGUMENT = {
  name: "FILTER",
  about:
    "in the filter language, such as 'verb = delete AND result = failure'; everything where it is left out",
  optional: true,
} as const satisfies ArgumentDescription;

/** What each question to the record takes. */
export const RECORD_OPTIONS = {
  record: {
    type: "string",
    value: "WHICH",
    about: "calls (default), events or recordings",
    choices: RECORDS,
  },
  search: {
    type: "string",
    value: "TEXT",
    about: "a part of a person's name or address, or of a cluster's name",
  },
} as const satisfies Options;

export const WINDOW_OPTIONS = {
  from: { type: "string", value: "TIME", about: "such as now-2h, today-6d, 2026-11-01 (default: today)" },
  to: {
    type: "string",
    value: "TIME",
    about: "such as now, or a day, which is whole (default: the end of today)",
  },
} as const satisfies Options;

interface Given {
  record?: string;
  search?: string;
  from?: string;
  to?: string;
}

export const surfaceOf = ({ record }: Given) => AUDIT_SURFACES[(record ?? "calls") as RecordName];

/** The query of the API. Days are those of this machine. */
export function recordQuery(filter: string | undefined, { search, from, to }: Given) {
  return {
    filter: filter || undefined,
    search,
    from,
    to,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
