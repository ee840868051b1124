"use client";

import { useEffect, useRef, useState } from "react";
import type { SegmentEvent } from "../../../../../../../lib/recordings/playback/schema.ts";
import type { PlayerScreen } from "../player/player.ts";
import { type WatchState, watchSession } from "./watch-stream.ts";

/** Of a session that has not said its terminal's size yet. */
const USUAL = { columns: 80, rows: 24 };

export interface Watch {
  state: WatchState;
  problem: string | null;
  size: { columns: number; rows: number } | null;
  /** When the screen last changed, in the viewer's time; null until it did. */
  shownAt: number | null;
}

/** Shows a running session on a screen, as it goes on. */
export function useWatch(address: string, screen: PlayerScreen | null, onEnd: () => void): Watch {
  const [state, setState] = useState<Pick<Watch, "state" | "problem">>({
    state: "connecting",
    problem: null,
  });
  const [size, setSize] = useState<Watch["size"]>(null);
  const [shownAt, setShownAt] = useState<number | null>(null);
  const ended = useRef(onEnd);
  ended.current = onEnd;
  useEffect(() => {
    if (!screen) return;
    const end = new AbortController();
    // One after the other: a screen takes what comes in its order.
    let turn: Promise<void> = Promise.resolve();
    const queue = (next: () => Promise<void>) => {
      turn = turn.then(() => (end.signal.aborted ? undefined : next()));
    };
    const resize = ({ columns, rows }: { columns: number; rows: number }) => {
      setSize({ columns, rows });
      const event: SegmentEvent = [0, "r", `${columns}x${rows}`];
      queue(() => screen.add([event]));
    };
    void watchSession(
      address,
      {
        onBegin: () => queue(() => screen.show({ ...USUAL, init: "" }, [])),
        onEvents: (events) => {
          const last = events.findLast(([, code]) => code === "r");
          if (last) setSize(sizeOf(last[2]));
          setShownAt(Date.now());
          queue(() => screen.add(events));
        },
        onSize: resize,
        onEnd: () => ended.current(),
        onState: (next, problem) => setState({ state: next, problem }),
      },
      end.signal,
    );
    return () => end.abort();
  }, [address, screen]);
  return { ...state, size, shownAt };
}

function sizeOf(text: string): Watch["size"] {
  const [columns = 0, rows = 0] = text.split("x").map(Number);
  return columns > 0 && rows > 0 ? { columns, rows } : null;
}
