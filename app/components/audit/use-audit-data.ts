"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { AuditCount, AuditFacets, AuditHistogram } from "../../../lib/audit/query/schema.ts";
import { requestJson } from "../request-json.ts";
import { type AuditQuery, queryString } from "./audit-query.ts";

/**
 * The numbers around the table: counts, histogram and facets. What was shown stays until the new answer is there; where nothing can be
 * asked there are none.
 */
export function useAuditData({
  endpoint,
  query,
  brushed,
  epoch,
}: {
  endpoint: string;
  /** The whole range; null where the filter or the range cannot be read. */
  query: AuditQuery | null;
  /** The brushed part, where there is one. */
  brushed: AuditQuery | null;
  epoch: number;
}) {
  const count = useSummary(endpoint, "count", AuditCount, query, epoch);
  const brushedCount = useSummary(endpoint, "count", AuditCount, brushed, epoch);
  const histogram = useSummary(endpoint, "histogram", AuditHistogram, query, epoch);
  const facets = useSummary(endpoint, "facets", AuditFacets, brushed ?? query, epoch);
  const listed = brushed ? brushedCount : count;
  return {
    /** Exactly how many rows the list has; null where counting stopped, or while that is not known. */
    exactCount: listed.data?.exact && !listed.isOld ? listed.data.count : null,
    count: count.data,
    brushedCount: brushedCount.data,
    histogram: histogram.data,
    facets: facets.data,
    /** Something of it could not be read; what is shown may be of before. */
    failed: [count, brushedCount, histogram, facets].some((answer) => answer.failed),
    facetsFailed: facets.failed && !facets.data,
    isLoading: [count, brushedCount, histogram, facets].some((answer) => answer.isLoading),
  };
}

function useSummary<Schema extends z.ZodType>(
  endpoint: string,
  name: "count" | "histogram" | "facets",
  schema: Schema,
  query: AuditQuery | null,
  epoch: number,
) {
  const asked = query ? queryString(query) : "";
  const { data, isError, isFetching, isPlaceholderData } = useQuery({
    queryKey: [endpoint, name, asked, epoch],
    queryFn: ({ signal }) => requestJson(`${endpoint}/${name}?${asked}`, schema, { signal }),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  });
  return {
    data: (query && data) || null,
    failed: query !== null && isError,
    isLoading: isFetching,
    /** What is shown answers another question. */
    isOld: isPlaceholderData,
  };
}
