"use client";

import { useQuery } from "@tanstack/react-query";
import { ReplayMeasure } from "../../../../lib/streams/replays/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useSettled } from "../../../components/use-settled.ts";
import { countOf } from "./stream-words.ts";

/** How much a range is. `asked`: its parameters; null while it is none. */
export function useReplayMeasure(streamId: string | null, asked: URLSearchParams | null) {
  const settled = useSettled(asked?.toString() ?? "", 250);
  const url = `/api/v1/streams/${streamId}/replays/measure?${settled}`;
  const { data, error } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => requestJson(url, ReplayMeasure, { signal }),
    enabled: streamId !== null && settled !== "",
    retry: false,
  });
  const isOfNow = settled !== "" && settled === asked?.toString();
  return { measure: (isOfNow && data) || null, problem: isOfNow && error ? error.message : null };
}

/** What would be sent, in words. */
export function ReplayMeasureText({
  measure,
  problem,
}: {
  measure: ReplayMeasure | null;
  problem: string | null;
}) {
  return (
    <p role="status" className={problem ? "wrap-anywhere text-fail" : "text-fg-2"}>
      {problem ?? (measure === null ? "Say from where to where." : wordsOf(measure))}
    </p>
  );
}

function wordsOf({ from, to, records, exact, sentUpTo }: ReplayMeasure): string {
  if (to < from) return `Nothing of it was sent yet: it was sent up to No ${formatNumber(sentUpTo)}.`;
  const counted = exact ? countOf(records, "record") : `more than ${countOf(records, "record")}`;
  return `No ${formatNumber(from)} to ${formatNumber(to)}: ${counted} would be sent again.`;
}
