import type { AccessRequestView } from "../../../lib/access/requests/schema.ts";

/** Where a request is for: `prod: payments, shop`, `every cluster`, `project team-a`. */
export function requestPlace({
  cluster,
  project,
  namespaces,
}: Pick<AccessRequestView, "cluster" | "project" | "namespaces">): string {
  if (project) return `project ${project.name}`;
  const where = cluster?.name ?? "every cluster";
  return namespaces.length === 0 ? where : `${where}: ${namespaces.join(", ")}`;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `8 hours`, `1 hour`, `90 minutes`. */
export function formatLength(milliseconds: number): string {
  const [count, unit] =
    milliseconds % DAY === 0
      ? [milliseconds / DAY, "day"]
      : milliseconds % HOUR === 0
        ? [milliseconds / HOUR, "hour"]
        : [Math.round(milliseconds / 60_000), "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

const LENGTHS = [
  15 * 60_000,
  30 * 60_000,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  30 * DAY,
];

/** How long access may be asked for or given: round lengths below the longest, and that. */
export function lengthOptions(longestMs: number): { value: string; label: string }[] {
  const below = LENGTHS.filter((length) => length < longestMs);
  return [...below, longestMs].map((length) => ({ value: String(length), label: formatLength(length) }));
}
