"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { type AuditQuery, liveQueryString } from "../audit-query.ts";
import type { RowPages } from "../table/row-pages.ts";
import { LiveFeed, type LiveState, type News } from "./live-feed.ts";
import { placeNews } from "./place-news.ts";

/** How many rows may wait while the viewer reads; beyond, the list is read anew when they are shown. */
const MOST_WAITING = 500;

interface Waiting<Row> {
  rows: Row[];
  /** More came than are kept here. */
  overflow: boolean;
}

const NONE = { rows: [], overflow: false };

/**
 * Watches for new rows. While the viewer is at the top they appear; while they read or scroll, they wait and are counted. What is
 * held is bounded both ways.
 */
export function useLiveTail<Row extends { no: number }>({
  on,
  endpoint,
  rowSchema,
  query,
  rows: { pages, isStale },
  paused,
  onReload,
}: {
  on: boolean;
  endpoint: string;
  rowSchema: z.ZodType<Row>;
  query: AuditQuery | null;
  rows: { pages: RowPages<Row> | null; isStale: boolean };
  paused: boolean;
  /** Reads the list anew. */
  onReload: () => void;
}) {
  const [{ state, problem, heardAt }, setState] = useState<Link>(OFF);
  const [waiting, setWaiting] = useState<Waiting<Row>>(NONE);
  /** Grows with each message: numbers around the table are then out of date. */
  const [messages, setMessages] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ pages, paused, onReload, isStale });
  latest.current = { pages, paused, onReload, isStale };
  const question = query ? liveQueryString(query) : null;
  // The feed begins where the rows of its own question end.
  const [readyFor, setReadyFor] = useState<string | null>(null);
  if (pages !== null && !isStale && readyFor !== question) setReadyFor(question);
  const listening = on && question !== null && readyFor === question;
  /** Rows that came lately: a list that was read meanwhile may lack them. */
  const recent = useRef<Row[]>([]);
  /** While the list was being read anew, more came than was told of: it may lack them. */
  const isShort = useRef(false);

  useEffect(() => {
    void attempt;
    setWaiting(NONE);
    recent.current = [];
    if (!listening || question === null) return setState(OFF);
    const take = ({ entries, more }: News<Row>) => {
      setMessages((count) => count + 1);
      recent.current = [...entries, ...recent.current].slice(0, MOST_WAITING);
      const current = latest.current;
      const { appears, reload } = placeNews({
        paused: current.paused,
        isStale: current.isStale,
        arrived: current.pages?.arrivedRows ?? 0,
        more,
      });
      if (appears) current.pages?.prepend(entries);
      else setWaiting((before) => keep(before, entries, more));
      if (more && current.isStale) isShort.current = true;
      if (reload) current.onReload();
    };
    const feed = new LiveFeed<Row>({
      endpoint,
      question,
      afterNo: newestNo(latest.current.pages),
      rowSchema,
      onNews: take,
      onState: (next, why) => setState((before) => linkAfter(before, next, why)),
    });
    return () => feed.close();
  }, [listening, question, endpoint, rowSchema, attempt]);

  // A list that was just read has what waited; what came after it was read is put before it.
  useEffect(() => {
    if (!pages || isStale) return;
    const newest = newestNo(pages);
    pages.prepend(recent.current.filter(({ no }) => no > newest));
    if (!isShort.current) return setWaiting(NONE);
    isShort.current = false;
    if (!latest.current.paused) latest.current.onReload();
  }, [pages, isStale]);

  const show = useCallback(() => {
    const current = latest.current;
    if (waiting.overflow) current.onReload();
    else current.pages?.prepend(waiting.rows);
    setWaiting(NONE);
  }, [waiting]);

  return {
    state: on && state === "off" ? ("connecting" as const) : on ? state : ("off" as const),
    problem,
    heardAt,
    messages,
    waiting: paused ? waiting.rows.length : 0,
    overflow: waiting.overflow,
    show,
    reconnect: useCallback(() => setAttempt((count) => count + 1), []),
  };
}

/** How the feed does; `heardAt`: when it was last well. */
interface Link {
  state: LiveState;
  problem: string | null;
  heardAt: number | null;
}

const OFF: Link = { state: "off", problem: null, heardAt: null };

function linkAfter(before: Link, state: LiveState, problem: string | null): Link {
  if (before.state === state) return before;
  const heardAt = before.state === "listening" ? Date.now() : before.heardAt;
  return { state, problem, heardAt };
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
