"use client";

import { usePathname } from "next/navigation";
import { useCallback } from "react";

/**
 * Which row the drawer shows: the number at the end of the path. Opening and walking on change the address without asking the
 * server for a page; the list behind stays as it is.
 */
export function useOpenRow(href: string) {
  const path = usePathname();
  const rest = path.startsWith(`${href}/`) ? path.slice(href.length + 1) : "";
  const no = /^\d+$/.test(rest) ? Number(rest) : null;

  const open = useCallback(
    (next: number | null) => {
      const target = next === null ? href : `${href}/${next}`;
      if (window.location.pathname === target) return;
      const walking = next !== null && window.location.pathname !== href;
      const url = target + window.location.search;
      // Walking from row to row is one step back, not one for each row.
      if (walking) window.history.replaceState(null, "", url);
      else window.history.pushState(null, "", url);
    },
    [href],
  );
  /** By the address itself: a row opened by the key before this one may not have been drawn yet. */
  const isOpen = useCallback(() => window.location.pathname !== href, [href]);
  return { no, open, isOpen };
}
