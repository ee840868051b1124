"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { RecordingSearch } from "../../../../../../../lib/recordings/search/schema.ts";
import { requestJson } from "../../../../../../components/request-json.ts";
import { useSettled } from "../../../../../../components/use-settled.ts";
import { lastAtOrBefore } from "../player/places.ts";
import type { Player } from "../player/player.ts";

/** A key is pressed less often than this while somebody writes. */
const REST_MS = 200;
const LEAST_CHARACTERS = 2;

export type TextSearch = ReturnType<typeof useTextSearch>;

interface Arrival {
  /** What the address looks for; empty where it does not. */
  sought: string;
  /** The address names the moment itself. */
  hasMoment: boolean;
}

/** Searches the text of a recording, and goes from hit to hit. One that comes with the address goes to its first hit. */
export function useTextSearch(address: string, player: Player | null, { sought, hasMoment }: Arrival) {
  const [text, setText] = useState(sought);
  const [at, setAt] = useState<number | null>(null);
  const asked = useSettled(text.trim(), REST_MS);
  const enough = asked.length >= LEAST_CHARACTERS;
  const answer = useQuery({
    queryKey: [address, "search", asked],
    queryFn: ({ signal }) =>
      requestJson(`${address}/search?${new URLSearchParams({ q: asked })}`, RecordingSearch, { signal }),
    enabled: enough,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const isCurrent = enough && asked === text.trim() && !answer.isPlaceholderData;
  const hits = isCurrent ? (answer.data?.hits ?? null) : null;
  const hit = hits && at !== null ? (hits[at] ?? null) : null;

  const lands = useRef(sought !== "" && !hasMoment);
  useEffect(() => {
    const first = hits?.[0];
    if (!lands.current || !player || !first) return;
    lands.current = false;
    setAt(0);
    player.pause();
    player.seek(first.atMs);
  }, [player, hits]);

  function go(to: number) {
    if (!player || !hits || hits.length === 0) return;
    const place = (to + hits.length) % hits.length;
    setAt(place);
    player.pause();
    player.seek(hits[place]?.atMs ?? 0);
  }
  return {
    text,
    setText: (next: string) => {
      lands.current = false;
      setText(next);
      setAt(null);
    },
    /** What the screen marks; null while there is too little to look for. */
    sought: text.trim().length >= LEAST_CHARACTERS ? { text: text.trim(), line: hit?.text ?? null } : null,
    hits,
    more: answer.data?.more ?? false,
    at,
    asking: enough && !isCurrent && !answer.isError,
    problem: enough && answer.isError ? answer.error.message : null,
    /** The next hit: from the moment that is shown where none was gone to yet. */
    next: () => hits && go(at === null ? after(hits, player) : at + 1),
    previous: () => hits && go(at === null ? after(hits, player) - 1 : at - 1),
  };
}

/** The first hit after the moment that is shown; the first of all where it is the end. */
function after(hits: readonly { atMs: number }[], player: Player | null): number {
  const place = lastAtOrBefore(hits, (player?.current().positionMs ?? 0) - 1, ({ atMs }) => atMs) + 1;
  return place < hits.length ? place : 0;
}
