import { z } from "zod";

/** What a setting that may be changed is set to, as config.yaml would have it; null: the default counts again. */
export const SettingValue = z.union(
  [
    z.string().max(4_000, "takes at most 4000 characters"),
    z.number(),
    z.boolean(),
    z
      .array(z.string().max(1_000, "takes at most 1000 characters each"))
      .max(100, "takes at most 100 of them"),
    z.null(),
  ],
  "takes a text, a number, true or false, a list of texts, or null for the default",
);
export type SettingValue = z.infer<typeof SettingValue>;

/** Where the value in effect comes from. */
export const SettingOrigin = z.enum(["environment", "file", "console", "default"]);

/** One setting as the console shows it: what it is in effect, never a secret. */
export const SettingView = z.object({
  /** Its place in config.yaml. */
  name: z.string(),
  /** The environment variable that sets it, too. */
  variable: z.string(),
  /** In words; null where it is not set. */
  value: z.string().nullable(),
  meaning: z.string(),
  /** What it takes, in words. */
  takes: z.string(),
  origin: SettingOrigin,
  /** The variable or the file that sets it; null where neither does. */
  setIn: z.string().nullable(),
  /** Whether an administrator may change it while it runs; where the environment or the file sets it, nobody does here. */
  changeable: z.boolean(),
  /** Of one that may be changed: the value in effect as config.yaml would have it, for who may change it. */
  written: SettingValue.nullable(),
  /** All that it takes, where that is a few words. */
  choices: z.array(z.string()).nullable(),
  /** The default in words; null where there is none. */
  fallback: z.string().nullable(),
  /** Of what was set here; 0 where nothing is. Goes with a change, which is refused where it is another's by now. */
  revision: z.int(),
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
  /** Why what was set here does not count; null where it does. */
  problem: z.string().nullable(),
});
export type SettingView = z.infer<typeof SettingView>;

export const SettingList = z.object({ settings: z.array(SettingView) });
export type SettingList = z.infer<typeof SettingList>;

const MOST_CHANGES = 50;

/** Several at once, all or none. */
export const ChangeSettingsInput = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        name: z.string("takes the name of a setting").max(100),
        value: SettingValue,
        /** The revision that was seen; left out: whatever it is. */
        revision: z.int("takes the revision that was seen").min(0).optional(),
      }),
    )
    .min(1, "takes at least one change")
    .max(MOST_CHANGES, `takes at most ${MOST_CHANGES} changes`),
  /** Why, in one's own words; kept in the event. */
  reason: z.string("takes a text").trim().max(500, "takes at most 500 characters").nullable().default(null),
});
export type ChangeSettingsInput = z.input<typeof ChangeSettingsInput>;

export const RetentionQuery = z.strictObject({
  days: z.coerce.number("takes a number of days").int("takes a number of days").min(0).max(36_500),
});

/** What the next night would remove of the record where it is kept for so many days. */
export const RetentionEffect = z.object({
  /** The first day that stays; null where everything is kept. */
  firstKept: z.iso.date().nullable(),
  days: z.int(),
  calls: z.int(),
  events: z.int(),
  recordings: z.int(),
});
export type RetentionEffect = z.infer<typeof RetentionEffect>;

export const Banner = z.object({
  /** null where there is none. */
  banner: z.string().nullable(),
});
export type Banner = z.infer<typeof Banner>;
