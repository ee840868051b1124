"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import type { RowPages } from "../table/row-pages.ts";

/** Opens a row on a page of its own. As `useOpenRow`, but no row is ever open beside the list. */
export function useRowPage<Row extends { no: number }>(
  pageOf: ((row: Row) => string) | undefined,
  pages: RowPages<Row> | null,
) {
  const router = useRouter();
  const open = useCallback(
    (no: number | null) => {
      const index = pages?.indexOf((row) => row.no === no) ?? -1;
      const row = index < 0 ? undefined : pages?.rowAt(index);
      if (row && pageOf) router.push(pageOf(row));
    },
    [router, pageOf, pages],
  );
  return { no: null, open, isOpen: isNeverOpen };
}

const isNeverOpen = () => false;
