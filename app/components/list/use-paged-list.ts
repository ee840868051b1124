"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { z } from "zod";
import { requestJson } from "../request-json.ts";
import { useSettled } from "../use-settled.ts";
import type { ListModel } from "./use-list.ts";
import { useListAddress } from "./use-list-address.ts";

const PAGE = 100;
const TYPED_MS = 250;

/** A list that the API searches and answers a page at a time; search, order and open row live in the URL. */
export function usePagedList<Schema extends z.ZodType, Row>({
  endpoint,
  query = {},
  schema,
  rowsOf,
  totalOf,
  keyOf,
  readOne,
  refreshMs,
}: {
  endpoint: string;
  /** What is asked for beside search, order and page. */
  query?: Record<string, string>;
  schema: Schema;
  rowsOf: (answer: z.infer<Schema>) => readonly Row[];
  totalOf: (answer: z.infer<Schema>) => number;
  keyOf: (row: Row) => string;
  /** Reads the open row where no page that was read has it; null where there is none. */
  readOne: (key: string, signal: AbortSignal) => Promise<Row | null>;
  /** How often it is asked again; null: only when it is told to. */
  refreshMs?: number;
}): ListModel<Row> {
  const { search, setSearch, sort, setSort, openKey, setOpenKey } = useListAddress();
  const settled = useSettled(search, TYPED_MS);
  const asked = { ...query, ...(settled && { search: settled }), ...(sort && { sort }) };
  const pages = useInfiniteQuery({
    queryKey: [endpoint, "pages", asked],
    queryFn: ({ signal, pageParam }) => {
      const parameters = new URLSearchParams({ ...asked, limit: String(PAGE), offset: String(pageParam) });
      return requestJson(`${endpoint}?${parameters}`, schema, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const read = all.reduce((sum, page) => sum + rowsOf(page).length, 0);
      return rowsOf(last).length > 0 && read < totalOf(last) ? read : undefined;
    },
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const rows = useMemo(
    () => pages.data?.pages.flatMap((page) => [...rowsOf(page)]) ?? null,
    [pages.data, rowsOf],
  );
  const found = rows?.find((row) => keyOf(row) === openKey);
  const one = useQuery({
    queryKey: [endpoint, "one", openKey],
    queryFn: ({ signal }) => readOne(openKey ?? "", signal),
    enabled: openKey !== null && rows !== null && found === undefined,
  });
  const last = pages.data?.pages.at(-1);
  return {
    all: rows,
    rows,
    total: last === undefined ? null : totalOf(last),
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    keyOf,
    error: pages.error,
    isRefetching: pages.isFetching && pages.data !== undefined,
    refresh: () => {
      void pages.refetch();
      if (openKey !== null && found === undefined) void one.refetch();
    },
    search,
    setSearch,
    sort,
    setSort,
    opened: found ?? (openKey === null ? null : (one.data ?? null)),
    open: (row: Row | null) => setOpenKey(row && keyOf(row)),
  };
}
