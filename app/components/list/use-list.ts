"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { z } from "zod";
import { requestJson } from "../request-json.ts";
import { useListAddress } from "./use-list-address.ts";

/** A list of the API, what of it is asked for, and which row is open; search, order and open row live in the URL. */
export type ListModel<Row> = ReturnType<typeof useList<z.ZodType, Row>>;

export function useList<Schema extends z.ZodType, Row>({
  endpoint,
  schema,
  rowsOf,
  keyOf,
  textOf,
  refreshMs,
}: {
  endpoint: string;
  schema: Schema;
  rowsOf: (answer: z.infer<Schema>) => readonly Row[];
  keyOf: (row: Row) => string;
  /** What the search looks at. */
  textOf: (row: Row) => string;
  /** How often it is asked again by itself, without a sign of it; absent: only when it is told to. */
  refreshMs?: number;
}) {
  const { search, setSearch, sort, setSort, openKey, setOpenKey } = useListAddress();
  const query = useQuery({
    queryKey: [endpoint],
    queryFn: ({ signal }) => requestJson(endpoint, schema, { signal }),
    // What is undefined would take the place of asking again after an outage.
    ...(refreshMs === undefined ? null : { refetchInterval: refreshMs }),
  });
  const all = useMemo(() => (query.data === undefined ? null : rowsOf(query.data)), [query.data, rowsOf]);
  const rows = useMemo(() => all?.filter(matches(search, textOf)) ?? null, [all, search, textOf]);
  return {
    /** null until the list is there. */
    all,
    rows,
    /** How many there are where `rows` are a part of them; null where they are all. */
    total: null as number | null,
    /** Reads the next page of them; null where there is none. */
    more: null as (() => void) | null,
    keyOf,
    error: query.error,
    isRefetching: query.isRefetching && refreshMs === undefined,
    refresh: () => void query.refetch(),
    search,
    setSearch,
    sort,
    setSort,
    opened: all?.find((row) => keyOf(row) === openKey) ?? null,
    open: (row: Row | null) => setOpenKey(row && keyOf(row)),
  };
}

/** Every word of the search is in the row's text, in any order and case. */
export function matches<Row>(search: string, textOf: (row: Row) => string): (row: Row) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
