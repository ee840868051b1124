import type { AlertView } from "../../../../lib/alerts/schema.ts";
import { formatSpan } from "../../../components/time/format-ago.ts";

export const SURFACE_LABELS: Record<AlertView["surface"], string> = {
  request_audit: "Request Audit",
  event_history: "Event History",
  recordings: "Pod sessions",
};

/** `At any match`, `More than 20 in 5 min`. */
export const describeRule = ({ moreThan, withinMs }: Pick<AlertView, "moreThan" | "withinMs">): string =>
  moreThan === 0 ? "At any match" : `More than ${moreThan} in ${formatSpan(withinMs)}`;

export const describeQuiet = ({ quiet }: Pick<AlertView, "quiet">): string =>
  quiet === null ? "None" : `${quiet.from} to ${quiet.to}, ${quiet.timeZone}`;
