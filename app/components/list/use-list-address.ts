"use client";

import { parseAsString, useQueryStates } from "nuqs";

const PARSERS = { search: parseAsString.withDefault(""), sort: parseAsString, open: parseAsString };

/** Search, order and open row of a list, which live in the page's address. */
export function useListAddress() {
  const [address, setAddress] = useQueryStates(PARSERS, { history: "push", clearOnDefault: true });
  return {
    search: address.search,
    setSearch: (search: string) => void setAddress({ search: search || null }, { history: "replace" }),
    /** `name` or `-name` of a column; null for the order of the answer. */
    sort: address.sort,
    setSort: (sort: string | null) => void setAddress({ sort }, { history: "replace" }),
    /** The key of the row that is open. */
    openKey: address.open,
    setOpenKey: (key: string | null) => void setAddress({ open: key }),
  };
}
