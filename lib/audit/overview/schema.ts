import { z } from "zod";
import { AuditHistogram, TimeParameter, TimeZoneParameter } from "../query/schema.ts";
import { RequestAuditEntry } from "../requests/schema.ts";

/** Whether every number up to the last one is there. */
export const RecordStatus = z
  .object({
    record: z.object({
      lastNo: z.int().meta({ description: "The newest entry's number." }),
      checkedAt: z.iso.datetime(),
      intact: z.boolean().meta({ description: "Every number that is kept is there once." }),
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
