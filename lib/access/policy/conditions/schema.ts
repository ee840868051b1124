import { z } from "zod";

// Browser-safe: the console's forms and the API parse with the same schemas.

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const Weekday = z.enum(WEEKDAYS, "takes mon, tue, wed, thu, fri, sat or sun");
export type Weekday = z.infer<typeof Weekday>;

const ACCESS_METHODS = ["CLI", "Browser"] as const;

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^([1-9]\d{0,5})([smhd])$/;

/** A length of time as a text: `15m`, `8h`. */
export const DurationText = z
  .string("takes a length of time such as 15m or 8h")
  .regex(DURATION, "takes a length of time such as 15m or 8h");

/** The milliseconds of a `DurationText`. */
export function durationMs(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return Number(count) * (UNITS_MS[unit ?? ""] ?? Number.NaN);
}

/** Whether this machine's time zone database has the zone. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const TIME = 'takes a time of day such as "08:00"';
const TimeOfDay = z.string(TIME).regex(/^([01]\d|2[0-3]):[0-5]\d$/, TIME);
const EndOfHours = z.string(TIME).regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, `${TIME}, or "24:00"`);

/** From a time of day to just before another; across midnight where the second is earlier. */
export const Hours = z
  .strictObject({
    from: TimeOfDay.meta({ description: 'The first minute, such as "08:00".' }),
    to: EndOfHours.meta({
      description:
        'The minute in which it is over, such as "18:00"; "24:00" is midnight. Earlier than "from": on the day after.',
    }),
  })
  .refine(({ from, to }) => from !== to && !(from === "00:00" && to === "24:00"), {
    path: ["to"],
    message:
      "takes another time than from: such hours are empty or whole days. Leave hours out for whole days",
  });
export type Hours = z.infer<typeof Hours>;

const NETWORK = "takes an address or a network such as 192.0.2.0/24 or 2001:db8::/32";
const Network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], NETWORK);

/** The most characters of a rule's expression. */
const MOST_EXPRESSION_CHARACTERS = 2_000;

const few = <T extends z.ZodType>(item: T, most: number, what: string) =>
  z.array(item).min(1, `takes at least one ${what}; leave it out for any`).max(most, `takes at most ${most}`);

/**
 * Under which circumstances a rule counts: under all that are given here together. What cannot be told (a client without an address, a
 * label that is not known yet) is no reason to allow, and is one to deny.
 */
export const RuleConditions = z
  .strictObject({
    networks: few(Network, 100, "network")
      .optional()
      .meta({ description: "The client's address is in one of these networks, such as 10.0.0.0/8." }),
    hours: Hours.optional().meta({ description: "The hours of the day, in timeZone." }),
    weekdays: few(Weekday, 7, "weekday").optional().meta({
      description: "The days, in timeZone. Hours across midnight belong to the day on which they begin.",
    }),
    timeZone: z
      .string("takes a time zone such as Europe/Berlin")
      .max(64, "takes at most 64 characters")
      .refine(isTimeZone, "takes a time zone of the IANA database such as Europe/Berlin or UTC")
      .optional()
      .meta({
        description:
          "The zone of hours and weekdays, such as Europe/Berlin. Needed where one of them is given.",
      }),
    accessMethods: few(z.enum(ACCESS_METHODS, "takes CLI or Browser"), 2, "access method").optional().meta({
      description: "How the call comes: CLI (kubectl and other programs), Browser (the console's web shell).",
    }),
    secondFactorWithin: DurationText.optional().meta({
      description: "The caller showed a second factor no longer ago than this, such as 15m.",
    }),
    expression: z
      .string("takes an expression")
      .trim()
      .min(1, "takes an expression; leave it out for none")
      .max(MOST_EXPRESSION_CHARACTERS, `takes at most ${MOST_EXPRESSION_CHARACTERS} characters`)
      .optional()
      .meta({
        description:
          'An expression in CEL over request, user, cluster and now, such as user.groups.exists(g, g == "on-call"). Where it fails, an allow rule does not allow and a deny rule denies.',
      }),
  })
  .superRefine(({ hours, weekdays, timeZone }, context) => {
    if ((hours || weekdays) && timeZone === undefined)
      context.addIssue({
        code: "custom",
        path: ["timeZone"],
        message: "takes the time zone of hours and weekdays, such as Europe/Berlin",
      });
  });
export type RuleConditions = z.infer<typeof RuleConditions>;
