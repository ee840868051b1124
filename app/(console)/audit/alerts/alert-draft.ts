import type { AlertView, CreateAlertInput } from "../../../../lib/alerts/schema.ts";
import type { WantedAlert } from "./use-wanted-alert.ts";

/** What the form holds: texts, as they are typed. */
export interface AlertDraft {
  name: string;
  surface: AlertView["surface"];
  filter: string;
  moreThan: string;
  withinMs: string;
  againAfterMs: string;
  isQuiet: boolean;
  quietFrom: string;
  quietTo: string;
  channels: string[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const draftOf = (alert: AlertView | null, wanted: WantedAlert | null): AlertDraft => ({
  name: alert?.name ?? wanted?.name ?? "",
  surface: alert?.surface ?? wanted?.surface ?? "request_audit",
  filter: alert?.filter ?? wanted?.filter ?? "",
  moreThan: String(alert?.moreThan ?? 0),
  withinMs: String(alert?.withinMs ?? 5 * MINUTE),
  againAfterMs: String(alert?.againAfterMs ?? 15 * MINUTE),
  isQuiet: (alert?.quiet ?? null) !== null,
  quietFrom: alert?.quiet?.from ?? "22:00",
  quietTo: alert?.quiet?.to ?? "07:00",
  channels: alert?.channels.map(({ id }) => id) ?? [],
});

/** What decides when it fires, as the API takes it. */
export function ruleOf(draft: AlertDraft, timeZone: string) {
  const { surface, filter, withinMs, againAfterMs } = draft;
  return {
    surface,
    filter,
    timeZone,
    // An empty field is no zero.
    moreThan: draft.moreThan.trim() === "" ? Number.NaN : Number(draft.moreThan),
    withinMs: Number(withinMs),
    againAfterMs: Number(againAfterMs),
  };
}

/** The same of all of it. `before`: days of quiet hours that the form does not show stay. */
export function alertOf(draft: AlertDraft, timeZone: string, before: AlertView | null): CreateAlertInput {
  const zone = before?.timeZone ?? timeZone;
  const { quietFrom: from, quietTo: to } = draft;
  const quiet = { from, to, timeZone: before?.quiet?.timeZone ?? timeZone, days: before?.quiet?.days };
  return {
    name: draft.name,
    ...ruleOf(draft, zone),
    quiet: draft.isQuiet ? quiet : null,
    channels: draft.channels,
  };
}

const LENGTHS = [
  [MINUTE, "1 minute"],
  [5 * MINUTE, "5 minutes"],
  [15 * MINUTE, "15 minutes"],
  [HOUR, "1 hour"],
  [6 * HOUR, "6 hours"],
  [24 * HOUR, "1 day"],
] as const;

/** Lengths of time to choose from; another that is kept stands among them. */
export function lengthOptions(kept: string): { value: string; label: string }[] {
  const options = LENGTHS.map(([milliseconds, label]) => ({ value: String(milliseconds), label }));
  if (options.some(({ value }) => value === kept)) return options;
  return [...options, { value: kept, label: `${Number(kept) / MINUTE} minutes` }];
}
