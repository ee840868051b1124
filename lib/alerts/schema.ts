import { z } from "zod";
import { SavedViewSurface } from "../audit/views/schema.ts";
import { isTimeZone } from "../filter/relative-time.ts";
import { nameText } from "../names/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** Each is a condition of every page of the record that is read. */
export const MOST_ALERTS = 100;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const Zone = z
  .string("takes a time zone")
  .max(64)
  .refine(isTimeZone, "takes the IANA name of a time zone, such as Europe/Berlin");
const Clock = z
  .string("takes a time such as 22:00")
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "takes a time from 00:00 to 23:59");

/** Hours of the day at which nothing is sent; where `from` is later than `to`, they go over midnight. */
export const QuietHours = z
  .strictObject({
    from: Clock,
    to: Clock,
    timeZone: Zone,
    /** 1 is Monday. A night belongs to the day that it begins on. */
    days: z
      .array(z.int().min(1).max(7), "takes days from 1 (Monday) to 7")
      .min(1, "takes at least one day")
      .max(7)
      .default([1, 2, 3, 4, 5, 6, 7]),
  })
  .refine(({ from, to }) => from !== to, { path: ["to"], error: "takes another time than from" });
export type QuietHours = z.infer<typeof QuietHours>;

const span = (least: number, most: number, takes: string) => z.int(takes).min(least, takes).max(most, takes);

const fields = {
  name: nameText(80),
  surface: SavedViewSurface,
  filter: z.string("takes a filter").max(8_000, "takes at most 8000 characters"),
  timeZone: Zone,
  moreThan: z.int("takes a number of matches").min(0, "takes 0 or more").max(100_000, "takes at most 100000"),
  withinMs: span(MINUTE_MS, DAY_MS, "takes milliseconds, from a minute to a day"),
  againAfterMs: span(MINUTE_MS, 7 * DAY_MS, "takes milliseconds, from a minute to 7 days"),
  quiet: QuietHours.nullable(),
  channels: z
    .array(z.uuid("takes the id of a channel"), "takes a list of channels")
    .max(20, "takes at most 20"),
};

export const CreateAlertInput = z.strictObject({
  ...fields,
  filter: fields.filter.default(""),
  timeZone: fields.timeZone.default("UTC"),
  moreThan: fields.moreThan.default(0),
  withinMs: fields.withinMs.default(5 * MINUTE_MS),
  againAfterMs: fields.againAfterMs.default(15 * MINUTE_MS),
  quiet: fields.quiet.default(null),
  channels: fields.channels.default([]),
});
export type CreateAlertInput = z.input<typeof CreateAlertInput>;

/** What is left out stays as it is. */
export const UpdateAlertInput = z
  .strictObject({ ...fields, enabled: z.boolean("takes true or false") })
  .partial();
export type UpdateAlertInput = z.input<typeof UpdateAlertInput>;

/** What would have fired it. */
export const PreviewAlertInput = CreateAlertInput.pick({
  surface: true,
  filter: true,
  timeZone: true,
  moreThan: true,
  withinMs: true,
  againAfterMs: true,
});
export type PreviewAlertInput = z.input<typeof PreviewAlertInput>;
export const AlertPreview = z.object({
  days: z.int(),
  matches: z.int(),
  firings: z.int().meta({ description: "How often it would have fired." }),
  last: z.iso.datetime().nullable().meta({ description: "When it would have fired last." }),
});
export type AlertPreview = z.infer<typeof AlertPreview>;

export const AlertView = z.object({
  id: z.uuid(),
  name: z.string(),
  surface: SavedViewSurface,
  filter: z.string(),
  timeZone: z.string(),
  moreThan: z.int(),
  withinMs: z.int(),
  againAfterMs: z.int(),
  quiet: QuietHours.nullable(),
  channels: z.array(z.object({ id: z.uuid(), name: z.string() })),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable(),
  problem: z.string().nullable().meta({ description: "Why it cannot be evaluated now; null: it can." }),
  firedAt: z.iso.datetime().nullable(),
  firings: z.int().meta({ description: "How often it has fired, as far as that is kept." }),
});
export type AlertView = z.infer<typeof AlertView>;

/** One time that an alert fired. */
export const FiringView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  matches: z.int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  quiet: z.boolean().meta({ description: "In quiet hours." }),
  toldAt: z.iso.datetime().nullable().meta({ description: "null: it waits for the end of quiet hours." }),
  href: z.string().meta({ description: "The page of what matched." }),
});
export type FiringView = z.infer<typeof FiringView>;

export const FiringPage = z.object({ firings: z.array(FiringView), next: z.string().nullable() });
export type FiringPage = z.infer<typeof FiringPage>;

export const ListFiringsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.iso.datetime("takes a time").optional().meta({ description: "`next` of the page before." }),
});
