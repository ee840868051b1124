"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { z } from "zod";
import { type AuditQuery, liveQueryString, queryString } from "../audit-query.ts";
import type { RowPages } from "../table/row-pages.ts";

/** How many rows may wait while the viewer reads; beyond, the list is read anew when they are shown. */
const MOST_WAITING = 500;

export type LiveState = "off" | "connecting" | "listening" | "broken";

interface Waiting<Row> {
  rows: Row[];
  /** More came than are kept here. */
  overflow: boolean;
}

const NONE = { rows: [], overflow: false };

/**
 * Watches for new rows. While the viewer is at the top they appear; while they read or scroll, they wait and are counted.
 * The browser connects again by itself and goes on after the last number that it saw.
 */
export function useLiveTail<Row extends { no: number }>({
  on,
  endpoint,
  rowSchema,
  query,
  pages,
  paused,
  onReload,
}: {
  on: boolean;
  endpoint: string;
  rowSchema: z.ZodType<Row>;
  query: AuditQuery | null;
  pages: RowPages<Row> | null;
  paused: boolean;
  onReload: () => void;
}) {
  const [state, setState] = useState<LiveState>("off");
  const [waiting, setWaiting] = useState<Waiting<Row>>(NONE);
  /** Grows with each message: numbers around the table are then out of date. */
  const [messages, setMessages] = useState(0);
  const latest = useRef({ query, pages, paused, onReload });
  latest.current = { query, pages, paused, onReload };
  const asked = query ? queryString(query) : null;
  const listening = on && asked !== null && pages !== null;

  useEffect(() => {
    if (!listening || asked === null) {
      setState("off");
      setWaiting(NONE);
      return;
    }
    setState("connecting");
    const News = z.object({ lastNo: z.number(), entries: z.array(rowSchema), more: z.boolean() });
    const { query: watched, pages: shown } = latest.current;
    if (!watched) return;
    const source = new EventSource(`${endpoint}/live?${liveQueryString(watched, newestNo(shown))}`);
    source.onopen = () => setState("listening");
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? "broken" : "connecting");
    source.addEventListener("committed", (event) => {
      const { entries, more } = News.parse(JSON.parse(event.data));
      setMessages((count) => count + 1);
      const current = latest.current;
      if (current.paused) setWaiting((before) => keep(before, entries, more));
      else if (more) current.onReload();
      else current.pages?.prepend(entries, (a, b) => a.no === b.no);
    });
    return () => source.close();
  }, [listening, asked, endpoint, rowSchema]);

  const show = useCallback(() => {
    const current = latest.current;
    if (waiting.overflow) current.onReload();
    else current.pages?.prepend(waiting.rows, (a, b) => a.no === b.no);
    setWaiting(NONE);
  }, [waiting]);

  return { state, messages, waiting: waiting.rows.length, overflow: waiting.overflow, show };
}

function keep<Row>(before: Waiting<Row>, entries: Row[], more: boolean): Waiting<Row> {
  const rows = [...entries, ...before.rows];
  return {
    rows: rows.slice(0, MOST_WAITING),
    overflow: before.overflow || more || rows.length > MOST_WAITING,
  };
}

/** The highest number among the rows at the top: not always the first row's, which is the latest by its time. */
function newestNo<Row extends { no: number }>(pages: RowPages<Row> | null): number {
  let newest = 0;
  for (let index = 0; index < 50; index += 1) newest = Math.max(newest, pages?.rowAt(index)?.no ?? 0);
  return newest;
}
