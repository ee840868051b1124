"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { AuditCount } from "../../../../lib/audit/query/schema.ts";
import type { FieldSet } from "../../../../lib/filter/fields.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import { requestJson } from "../../request-json.ts";
import { useSettled } from "../../use-settled.ts";
import { type AuditQuery, queryString } from "../audit-query.ts";
import { filterWithin } from "../scope/opened-scope.ts";
import type { SurfaceScope } from "../surface.ts";

/** The text being written, what is wrong with it, and how many rows it would show. */
export function useFilterDraft({
  applied,
  fields,
  scope,
  endpoint,
  query,
}: {
  applied: string;
  fields: FieldSet;
  /** The part of the rows that the draft narrows further. */
  scope: SurfaceScope | null;
  endpoint: string;
  /** What is counted; null where nothing can be asked. */
  query: AuditQuery | null;
}) {
  const [draft, setDraft] = useState(applied);
  const [seen, setSeen] = useState(applied);
  if (seen !== applied) {
    setSeen(applied);
    setDraft(applied);
  }
  const parsed = useMemo(() => parseFilter(draft, fields), [draft, fields]);
  const countable = parsed.ok && draft !== applied ? filterWithin(scope, draft, fields) : null;
  const count = useDraftCount(endpoint, query, countable);
  return {
    draft,
    setDraft,
    filter: parsed.ok ? parsed.filter : null,
    error: parsed.ok ? null : parsed.error,
    count,
  };
}

function useDraftCount(endpoint: string, query: AuditQuery | null, draft: string | null) {
  const settled = useSettled(draft, 250);
  const asked = settled === null || query === null ? "" : queryString({ ...query, filter: settled });
  const { data } = useQuery({
    queryKey: [endpoint, "count", asked],
    queryFn: ({ signal }) => requestJson(`${endpoint}/count?${asked}`, AuditCount, { signal }),
    enabled: query !== null && settled !== null && settled === draft,
    placeholderData: (previous) => previous,
  });
  return draft === null || query === null ? null : (data ?? null);
}
