"use client";

import { useQuery } from "@tanstack/react-query";
import { RetentionEffect, type SettingValue, type SettingView } from "../../../../lib/settings/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { requestJson } from "../../../components/request-json.ts";

const RETENTION = "audit.retention_days";
const FOR_EVER = 0;

/** For how many days the record would be kept, where that is less long than now; null where a change removes nothing. */
export function shortenedRetention(setting: SettingView, value: SettingValue): number | null {
  if (setting.name !== RETENTION) return null;
  const now = Number(setting.written);
  const wanted = Number(value ?? setting.fallback);
  // What is no number of days is for the API to refuse.
  if (!Number.isInteger(wanted) || wanted <= FOR_EVER) return null;
  return now === FOR_EVER || wanted < now ? wanted : null;
}

/** Asks before the record is kept for less long: it says how much goes, and when. */
export function RetentionDialog({
  days,
  onClose,
  onConfirm,
}: {
  /** What retention is to be; null: the dialog is closed. */
  days: number | null;
  onClose: () => void;
  onConfirm: () => Promise<void>;
}) {
  const open = days !== null;
  const { data, error } = useQuery({
    queryKey: ["/api/v1/settings/retention", days],
    queryFn: ({ signal }) =>
      requestJson(`/api/v1/settings/retention?days=${days}`, RetentionEffect, { signal }),
    enabled: open,
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Keep the record for ${days} days only?`}
      verb="Keep it for less long"
      keep="Leave it"
      onConfirm={onConfirm}
    >
      {error ? "How much that removes could not be counted. " : null}
      {data ? wordsOf(data) : error ? null : "Counting what it removes…"} What is removed does not come back.
      Until 02:00 UTC it can be undone.
    </ConfirmDialog>
  );
}

function wordsOf({ firstKept, days, calls, events, recordings }: RetentionEffect): string {
  if (days === 0) return "Nothing is as old as that yet: the first day that is removed is one to come.";
  const count = (number: number, one: string, many: string) =>
    `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  const parts = [
    count(calls, "call", "calls"),
    count(events, "event", "events"),
    count(recordings, "recording", "recordings"),
  ];
  const kept = `${parts.slice(0, 2).join(", ")} and ${parts[2]}`;
  return `At 02:00 UTC everything from before ${firstKept} is removed: ${count(days, "day", "days")} with ${kept}.`;
}
