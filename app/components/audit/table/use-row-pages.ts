"use client";

import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { z } from "zod";
import { requestJson } from "../../request-json.ts";
import { type AuditQuery, queryString } from "../audit-query.ts";
import { RowPages } from "./row-pages.ts";

const PAGE_SIZE = 50;
const KEPT_PAGES = 40;

/**
 * The rows of a query. While another query's first page is on its way the rows shown so far stay; `isStale` says so.
 * `epoch` changes when the viewer asks for the same again.
 */
export function useRowPages<Row>({
  endpoint,
  schema,
  query,
  epoch,
}: {
  endpoint: string;
  schema: z.ZodType<{ entries: Row[]; next: string | null }>;
  query: AuditQuery | null;
  epoch: number;
}) {
  const asked = query ? queryString(query) : null;
  const wanted = useMemo(() => {
    void epoch;
    if (asked === null) return null;
    return new RowPages<Row>({
      pageSize: PAGE_SIZE,
      keptPages: KEPT_PAGES,
      fetchPage: async (cursor, signal) => {
        const more = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) });
        const { entries, next } = await requestJson(`${endpoint}?${asked}&${more}`, schema, { signal });
        return { rows: entries, next };
      },
    });
  }, [endpoint, schema, asked, epoch]);

  useEffect(() => {
    wanted?.ensure(0, PAGE_SIZE - 1);
    return () => wanted?.dispose();
  }, [wanted]);

  // Only what decides what is shown at all; the table follows each page by itself.
  useSyncExternalStore(
    wanted ? wanted.subscribe : neverChanges,
    () => (wanted ? stageOf(wanted) : ""),
    () => "",
  );
  const [shown, setShown] = useState<RowPages<Row> | null>(null);
  const ready = wanted !== null && (wanted.firstPageLoaded || wanted.error !== null);
  if (ready && shown !== wanted) setShown(wanted);
  return { pages: ready ? wanted : shown, isStale: !ready };
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
