import { findDestination } from "../../../../lib/streams/destinations/schema.ts";
import type { StreamView } from "../../../../lib/streams/schema.ts";
import { type StreamSurface, SURFACE_TITLES } from "../../../../lib/streams/surfaces/schema.ts";
import { formatDuration, formatNumber } from "../../../components/audit/format-count.ts";

/** What its kind is called. */
export const kindTitle = (kind: string): string => findDestination(kind)?.title ?? kind;

/** Where it goes, as far as its settings say; null for a kind that has no address. */
export function addressOf({ kind, settings }: Pick<StreamView, "kind" | "settings">): string | null {
  const fields = findDestination(kind)?.addressFields ?? [];
  const parts = fields.map((field) => settings[field]).filter((value) => value !== "" && value !== undefined);
  return parts.length === 0 ? null : parts.join(" · ");
}

/** How far it is behind: `up to date`, `1,204 records, 38 s`. */
export function lagText({ records, seconds }: StreamView["lag"]): string {
  if (records === 0) return "Up to date";
  const noun = records === 1 ? "record" : "records";
  const waited = seconds < 1 ? "" : `, ${formatDuration(Math.round(seconds) * 1_000)}`;
  return `${formatNumber(records)} ${noun}${waited}`;
}

/** Records a second. */
export const rateText = (throughput: number): string =>
  `${throughput < 10 ? throughput.toLocaleString("en-US") : formatNumber(Math.round(throughput))}/s`;

/** What it sends, in the order of the form. */
export const surfacesText = (surfaces: StreamView["surfaces"]): string =>
  (Object.keys(SURFACE_TITLES) as StreamSurface[])
    .filter((surface) => surfaces[surface])
    .map((surface) => SURFACE_TITLES[surface])
    .join(", ");

export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;
