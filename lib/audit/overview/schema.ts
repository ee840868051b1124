import { z } from "zod";
import { AuditHistogram, TimeParameter, TimeZoneParameter } from "../query/schema.ts";
import { RequestAuditEntry } from "../request-audit/schema.ts";

const RowsAhead = z
  .object({
    count: z.int().meta({ description: "At most 10,000 are counted." }),
    from: z.iso.datetime(),
    to: z.iso.datetime().meta({ description: "With `from`, the window that shows them." }),
  })
  .meta({
    description: "Rows dated after now, of a clock that went fast: no window that ends now has them.",
  });
export type RowsAhead = z.infer<typeof RowsAhead>;

const CountedSurface = z.object({
  surface: z.enum(["Request Audit", "Event History", "Pod Session Recordings"]),
  lastNo: z.int().meta({ description: "The newest number that was given." }),
  missing: z.int().nullable().meta({
    description:
      "Numbers that were given and whose row is neither there nor dropped by retention. Null until all days are counted, which a start begins anew.",
  }),
  ahead: RowsAhead.nullable(),
});

const SinkState = z
  .object({
    title: z.string(),
    health: z.enum(["well", "late", "failing"]),
    cursors: z
      .array(
        z.object({
          surface: z.enum(["Request Audit", "Event History", "Pod Session Recordings"]),
          lastNo: z.int().nullable(),
        }),
      )
      .meta({ description: "Up to which number it has everything; null before the first." }),
    lag: z
      .object({ records: z.int(), seconds: z.number() })
      .meta({ description: "How many records wait for it, and how long the oldest of them has." }),
  })
  .meta({ description: "One place that the record goes to from the process that answers." });

/** What was checked of the record's state, and when. It says nothing of rows that were changed. */
export const RecordStatus = z
  .object({
    record: z.object({
      lastNo: z.int().meta({ description: "The newest entry's number." }),
      checkedAt: z.iso.datetime(),
      gapless: z.boolean().nullable().meta({
        description: "On every surface every number has its row. Null until all days are counted.",
      }),
      surfaces: z.array(CountedSurface),
      troubles: z
        .array(z.string())
        .meta({ description: "What is wrong with the way into the record, of the process that answers." }),
      sinks: z.array(SinkState).meta({
        description: "PostgreSQL, then what reads the record. What is wrong with one is in `troubles`.",
      }),
      keptFrom: z.iso
        .datetime()
        .nullable()
        .meta({ description: "What is older is dropped each night; null where everything is kept." }),
    }),
  })
  .meta({ id: "RecordStatus" });
export type RecordStatus = z.infer<typeof RecordStatus>;

export const OverviewQuery = z.strictObject({
  from: TimeParameter.default("now-24h").meta({ description: "First time of the window." }),
  to: TimeParameter.default("now").meta({ description: "End of the window, itself excluded." }),
  timeZone: TimeZoneParameter.meta({ description: "IANA time zone of dates and buckets." }),
});
export type OverviewQuery = z.infer<typeof OverviewQuery>;

/** A number and the Request Audit filter that lists what it counts. */
const Figure = z.object({ count: z.int(), filter: z.string() });
const Share = z.object({ name: z.string(), calls: z.int(), failures: z.int(), filter: z.string() });

/** The audit dashboard. Every `filter` is one of Request Audit, for the window `from`–`to`. */
export const AuditOverview = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    calls: Figure,
    failures: Figure,
    people: z.int().meta({ description: "How many people and applications called." }),
    /** The same numbers for the window of the same length before. */
    before: z.object({ calls: z.int(), failures: z.int() }),
    histogram: AuditHistogram,
    topPeople: z.array(Share),
    topClusters: z.array(Share),
    denied: Figure.extend({ recent: z.array(RequestAuditEntry) }),
    secrets: Figure.extend({
      people: z.array(z.object({ name: z.string(), calls: z.int(), filter: z.string() })),
    }),
    sessions: Figure.extend({ recent: z.array(RequestAuditEntry) }),
  })
  .meta({ id: "AuditOverview" });
export type AuditOverview = z.infer<typeof AuditOverview>;
