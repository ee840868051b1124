import { WEEKDAYS } from "../../access/policy/conditions/schema.ts";
import { compileWindow } from "../../access/policy/hours.ts";
import { QuietHours } from "../schema.ts";

/** Whether nothing is sent at a time, by what an alert's row keeps. What is not understood is no quiet: it would silence for good. */
export function isQuiet(kept: unknown, time: number): boolean {
  const quiet = QuietHours.safeParse(kept);
  if (!quiet.success) return false;
  const { from, to, timeZone, days } = quiet.data;
  const weekdays = days.map((day) => WEEKDAYS[day - 1]!);
  return compileWindow({ hours: { from, to }, weekdays, timeZone })(time).holds;
}
