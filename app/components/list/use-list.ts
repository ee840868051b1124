"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { z } from "zod";
import { requestJson } from "../request-json.ts";

const PARSERS = { search: parseAsString.withDefault(""), sort: parseAsString, open: parseAsString };

/** A list of the API, what of it is asked for, and which row is open; search, order and open row live in the URL. */
export type ListModel<Row> = ReturnType<typeof useList<z.ZodType, Row>>;

export function useList<Schema extends z.ZodType, Row>({
  endpoint,
  schema,
  rowsOf,
  keyOf,
  textOf,
}: {
  endpoint: string;
  schema: Schema;
  rowsOf: (answer: z.infer<Schema>) => readonly Row[];
  keyOf: (row: Row) => string;
  /** What the search looks at. */
  textOf: (row: Row) => string;
}) {
  const [url, setUrl] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  const query = useQuery({
    queryKey: [endpoint],
    queryFn: ({ signal }) => requestJson(endpoint, schema, { signal }),
  });
  const all = useMemo(() => (query.data === undefined ? null : rowsOf(query.data)), [query.data, rowsOf]);
  const rows = useMemo(() => all?.filter(matches(url.search, textOf)) ?? null, [all, url.search, textOf]);
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
    isRefetching: query.isRefetching,
    refresh: () => void query.refetch(),
    search: url.search,
    setSearch: (search: string) => void setUrl({ search: search || null }, { history: "replace" }),
    /** `name` or `-name` of a column; null for the order of the answer. */
    sort: url.sort,
    setSort: (sort: string | null) => void setUrl({ sort }, { history: "replace" }),
    opened: all?.find((row) => keyOf(row) === url.open) ?? null,
    open: (row: Row | null) => void setUrl({ open: row && keyOf(row) }),
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
