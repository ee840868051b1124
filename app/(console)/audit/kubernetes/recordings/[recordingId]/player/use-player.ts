"use client";

import { useEffect, useState } from "react";
import type { PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { Player, type PlayerScreen } from "./player.ts";
import { SegmentSource } from "./segment-source.ts";

/** Plays a recording on a screen, once that is there; begins at a moment. */
export function usePlayer(
  { index, address, startMs }: { index: PlaybackIndex; address: string; startMs: number },
  screen: PlayerScreen | null,
): Player | null {
  const [source, setSource] = useState<SegmentSource | null>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    const made = new SegmentSource(
      address,
      index.segments.map(({ seq }) => seq),
    );
    setSource(made);
    return () => made.close();
  }, [address, index]);
  useEffect(() => {
    if (!source || !screen) return;
    const made = new Player({ index, source, screen });
    setPlayer(made);
    made.seek(startMs);
    return () => {
      made.close();
      setPlayer(null);
    };
  }, [index, source, screen, startMs]);
  return player;
}
