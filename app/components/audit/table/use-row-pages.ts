"use client";

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { z } from "zod";
import { requestJson } from "../../request-json.ts";
import { type AuditQuery, liveQueryString, queryString } from "../audit-query.ts";
import type { RowOrder } from "../use-audit-url.ts";
import { RowPages } from "./row-pages.ts";

/** Few rows, so that they are there at once; then many, so that a scroll does not wait. */
const FIRST_PAGE_SIZES = [50, 150];
const PAGE_SIZE = 500;
const KEPT_PAGES = 8;

/**
 * The rows of a query. While another query's first page is on its way the rows shown so far stay; `isStale` says so, and `isOther`
 * that they answer another question. Those of the same question stay also when it could not be asked anew. `epoch` changes when the viewer asks for the same again.
 */
export function useRowPages<Row extends { no: number }>({
  endpoint,
  schema,
  query,
  order,
  epoch,
}: {
  endpoint: string;
  schema: z.ZodType<{ entries: Row[]; next: string | null }>;
  query: AuditQuery | null;
  order: RowOrder;
  epoch: number;
}) {
  const asked = query ? queryString(query, { order: order === "newest" ? null : order }) : null;
  const wanted = useMemo(() => {
    void epoch;
    if (asked === null) return null;
    return new RowPages<Row>({
      keyOf: (row) => row.no,
      firstPageSizes: FIRST_PAGE_SIZES,
      pageSize: PAGE_SIZE,
      keptPages: KEPT_PAGES,
      fetchPage: async ({ cursor, offset, limit }, signal) => {
        const more = new URLSearchParams({ limit: String(limit) });
        if (cursor !== null) more.set("cursor", cursor);
        else if (offset > 0) more.set("offset", String(offset));
        const { entries, next } = await requestJson(`${endpoint}?${asked}&${more}`, schema, { signal });
        return { rows: entries, next };
      },
    });
  }, [endpoint, schema, asked, epoch]);

  useEffect(() => {
    wanted?.ensure(0, 0);
    return () => wanted?.dispose();
  }, [wanted]);

  // Only what decides what is shown at all; the table follows each page by itself.
  useSyncExternalStore(
    wanted ? wanted.subscribe : neverChanges,
    () => (wanted ? stageOf(wanted) : ""),
    () => "",
  );
  const [shown, setShown] = useState<{ pages: RowPages<Row>; subject: string | null } | null>(null);
  // The same question, read at another time: "the last hour" moves on.
  const subject = query ? `${liveQueryString(query)} ${order}` : null;
  const error = wanted && !wanted.firstPageLoaded ? wanted.error : null;
  const keeps = error !== null && shown !== null && shown.subject === subject && shown.pages.heldRows > 0;
  const ready = wanted !== null && !keeps && (wanted.firstPageLoaded || error !== null);
  if (ready && shown?.pages !== wanted) setShown({ pages: wanted, subject });
  return {
    pages: ready ? wanted : (shown?.pages ?? null),
    isStale: !ready,
    isOther: !ready && shown !== null && shown.subject !== subject,
    /** Why the rows could not be read anew: those that are shown are from before. */
    staleError: keeps ? error : null,
    retry: useCallback(() => wanted?.retry(), [wanted]),
  };
}

/** Follows every change of the pages: rows that came, rows that are on their way. */
export function usePagesVersion<Row>(pages: RowPages<Row> | null): number {
  return useSyncExternalStore(pages ? pages.subscribe : neverChanges, pages ? pages.version : zero, zero);
}

function stageOf<Row>(pages: RowPages<Row>): string {
  const { firstPageLoaded, isComplete, rowCount, error } = pages;
  return [firstPageLoaded, isComplete, isComplete ? rowCount : 0, error !== null].join();
}

const neverChanges = () => () => {};
const zero = () => 0;
