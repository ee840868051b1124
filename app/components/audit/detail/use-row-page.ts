"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import type { AuditSurface } from "../surface.ts";
import type { RowPages } from "../table/row-pages.ts";

/** Opens a row on a page of its own. As `useOpenRow`, but no row is ever open beside the list. */
export function useRowPage<Row extends { no: number }>({
  pageOf,
  pages,
  filter,
}: {
  pageOf: AuditSurface<Row>["pageOf"];
  pages: RowPages<Row> | null;
  filter: string;
}) {
  const router = useRouter();
  const open = useCallback(
    (no: number | null) => {
      const index = pages?.indexOf((row) => row.no === no) ?? -1;
      const row = index < 0 ? undefined : pages?.rowAt(index);
      if (row && pageOf) router.push(pageOf(row, filter));
    },
    [router, pageOf, pages, filter],
  );
  return { no: null, open, isOpen: isNeverOpen };
}

const isNeverOpen = () => false;
