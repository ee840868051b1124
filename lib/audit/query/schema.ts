import { z } from "zod";
import { isTimeZone, resolveTime, TIME_TAKES, type TimeReference } from "../../filter/relative-time.ts";
import { boundTime } from "../../filter/time-bounds.ts";

/** A half-open range of time: `from` belongs to it, `to` does not. */
export interface TimeWindow {
  from: Date;
  to: Date;
}

const isTime = (text: string): boolean => resolveTime(text, { now: new Date(0), timeZone: "UTC" }) !== null;

/** A time in a query: RFC 3339, or as the filter language writes it. */
export const TimeParameter = z
  .string()
  .max(64)
  .refine(isTime, { error: TIME_TAKES, params: { takes: TIME_TAKES } });

/** Whose day `today` and a bare date are; buckets of the histogram start on its hours and midnights. */
export const TimeZoneParameter = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: "the IANA name of a time zone, such as Europe/Berlin" })
  .default("UTC");

/** What every query over audit data takes: the time window and the filter. */
export const WindowQuery = z.strictObject({
  from: TimeParameter.optional().meta({
    description: "First time of the window (RFC 3339). Default: today 00:00.",
  }),
  to: TimeParameter.optional().meta({
    description:
      "End of the window, itself excluded; a date stands for the whole day. Default: the end of today.",
  }),
  timeZone: TimeZoneParameter.meta({
    description: "IANA time zone of dates, of today and of buckets.",
    example: "Europe/Berlin",
  }),
  filter: z.string().max(8_000).optional().meta({
    description: "A filter expression.",
    example: 'verb = "delete" AND (resource = "secrets" OR cluster = "prod")',
  }),
  search: z.string().max(200).optional().meta({
    description:
      "A part of the person's name or email, or of the cluster's name; of Event History also of the object's, of recordings of the pod's.",
  }),
});
export type WindowQuery = z.infer<typeof WindowQuery>;

/** A whole number in a query string. Give it its default by `prefault`, which the OpenAPI document tells. */
export function wholeNumberParameter(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  // Digits alone: JavaScript reads "1e2", "0x10" and " 5 " as numbers, too.
  const digits = (text: unknown) => (typeof text === "string" && /^-?\d+$/.test(text) ? Number(text) : text);
  return z.preprocess(
    digits,
    z.int({ error, abort: true }).min(min, { error, abort: true }).max(max, { error, abort: true }),
  );
}

const EntryNumber = wholeNumberParameter(0, Number.MAX_SAFE_INTEGER);

/** A page of rows. */
export const PageQuery = WindowQuery.extend({
  limit: wholeNumberParameter(1, 1_000).prefault(50).meta({ description: "Rows a page." }),
  cursor: z.string().max(200).optional().meta({ description: "`next` of the page before." }),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A page of entries, or what is new since a number. */
export const ListQuery = PageQuery.extend({
  afterNo: EntryNumber.optional().meta({ description: "Only entries with a higher number." }),
  order: z.enum(["newest", "oldest"]).default("newest").meta({
    description: "Which come first, by their time. A cursor goes on in the order that is asked for.",
  }),
  offset: EntryNumber.optional().meta({
    description:
      "So many entries of the order are passed over, to begin anywhere. Not together with `cursor` or `afterNo`.",
  }),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** What a live tail listens for. A reconnecting client's `Last-Event-ID` counts before `afterNo`. */
export const LiveQuery = WindowQuery.extend({
  afterNo: EntryNumber.meta({ description: "The highest number that was seen." }),
});
export type LiveQuery = z.infer<typeof LiveQuery>;

/** The number of one entry, in a path. */
export const EntryPath = z.object({ no: wholeNumberParameter(1, Number.MAX_SAFE_INTEGER) });

/** Counting that has to read rows stops here: `exact` is false and the page says "10,000+". */
export const COUNT_LIMIT = 10_000;

export const AuditCount = z
  .object({ count: z.int(), exact: z.boolean().meta({ description: "false: there are more." }) })
  .meta({ id: "AuditCount" });
export type AuditCount = z.infer<typeof AuditCount>;

/** Failures and successes over time. Buckets cover the window without gaps; `start` is a clock time of the asked time zone. */
export const AuditHistogram = z
  .object({
    /** Nominal width; days are 23 or 25 hours long where clocks change. */
    bucketSeconds: z.int(),
    buckets: z.array(z.object({ start: z.iso.datetime(), success: z.int(), failure: z.int() })),
    /** False: the scan stopped at its bound and the oldest buckets are not complete. */
    exact: z.boolean(),
  })
  .meta({ id: "AuditHistogram" });
export type AuditHistogram = z.infer<typeof AuditHistogram>;

/** How many rows each value of a field has, within the query; most first. */
export const AuditFacets = z
  .object({
    facets: z.array(
      z.object({
        field: z.string(),
        label: z.string(),
        /** `null`: rows without a value. */
        values: z.array(z.object({ value: z.string().nullable(), count: z.int() })),
        /** There are more values than are listed. */
        more: z.boolean(),
        exact: z.boolean().meta({
          description: "false: counted in the newest 200,000 matching entries, of which there are more.",
        }),
      }),
    ),
    exact: z.boolean().meta({ description: "Whether all facets are." }),
  })
  .meta({ id: "AuditFacets" });
export type AuditFacets = z.infer<typeof AuditFacets>;

/**
 * Reads a window's two times; the default is today in the zone. A date as the end stands for its whole day. What lies beyond the
 * times that the record can have is cut off.
 */
export function readWindow(query: { from?: string; to?: string }, reference: TimeReference): TimeWindow {
  const today = resolveTime("today", reference);
  const from = query.from === undefined ? today : resolveTime(query.from, reference);
  const to = query.to === undefined ? today : resolveTime(query.to, reference);
  if (!from || !to) throw new RangeError("the window's times were not checked");
  const end = query.to === undefined || to.end - to.start > 1 ? to.end : to.start;
  return { from: new Date(boundTime(from.start)), to: new Date(boundTime(end)) };
}
