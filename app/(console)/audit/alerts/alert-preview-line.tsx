import { useQuery } from "@tanstack/react-query";
import { AlertPreview } from "../../../../lib/alerts/schema.ts";
import { RequestError } from "../../../components/request-error.ts";
import { sendJson } from "../../../components/request-json.ts";
import { useSettled } from "../../../components/use-settled.ts";
import { type AlertDraft, ruleOf } from "./alert-draft.ts";

/** How often the alert would have fired, asked for once nobody types any more. */
export function AlertPreviewLine({ draft, timeZone }: { draft: AlertDraft; timeZone: string }) {
  const rule = useSettled(JSON.stringify(ruleOf(draft, timeZone)), 600);
  const { data, error } = useQuery({
    queryKey: ["alert-preview", rule],
    queryFn: () => sendJson("/api/v1/alerts/preview", AlertPreview, "POST", JSON.parse(rule)),
    retry: false,
  });
  return (
    <p aria-live="polite" className="text-fg-2">
      {error ? failureOf(error) : data ? describe(data) : "Looking at the last 7 days…"}
    </p>
  );
}

function describe({ days, matches, firings }: AlertPreview): string {
  const of = matches === 1 ? "1 match" : `${matches.toLocaleString("en-US")} matches`;
  if (firings === 0) return `Would not have fired in the last ${days} days (${of}).`;
  return `Would have fired ${firings === 1 ? "once" : `${firings} times`} in the last ${days} days (${of}).`;
}

const failureOf = (error: Error): string =>
  error instanceof RequestError && error.status < 500
    ? "Whether it would have fired is not known: what is entered is not understood."
    : "Whether it would have fired is not known: the record could not be looked through in time.";
