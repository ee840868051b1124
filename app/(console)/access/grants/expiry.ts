import { fromWallTime, type WallTime } from "../../../components/audit/range/wall-time.ts";

const HOUR = 3_600_000;
const LENGTHS: Record<string, number> = {
  "1h": HOUR,
  "8h": 8 * HOUR,
  "1d": 24 * HOUR,
  "7d": 7 * 24 * HOUR,
  "30d": 30 * 24 * HOUR,
  "90d": 90 * 24 * HOUR,
};

/** How long a grant may count. */
export const EXPIRIES = [
  { value: "never", label: "When it is revoked" },
  { value: "1h", label: "In 1 hour" },
  { value: "8h", label: "In 8 hours" },
  { value: "1d", label: "In 1 day" },
  { value: "7d", label: "In 7 days" },
  { value: "30d", label: "In 30 days" },
  { value: "90d", label: "In 90 days" },
  { value: "at", label: "On a day" },
];

/** A choice of `EXPIRIES` as the API takes it; an unreadable `until` is passed on, to be refused. */
export function expiryText(choice: string, until: WallTime, now: number, timeZone: string): string | null {
  if (choice === "never") return null;
  const length = LENGTHS[choice];
  if (length !== undefined) return new Date(now + length).toISOString();
  if (until.day.trim() === "") return "";
  const time = fromWallTime(until, timeZone);
  return time === null ? `${until.day} ${until.clock}` : new Date(time).toISOString();
}
