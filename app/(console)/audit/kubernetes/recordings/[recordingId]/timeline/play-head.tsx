"use client";

import { type RefObject, useEffect } from "react";
import { speakPositionIn, stepOf } from "../../../../../../components/recordings/moment.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";

/** Where the recording is; a slider for the keyboard. */
export function PlayHead({ player, durationMs }: { player: Player; durationMs: number }) {
  const step = stepOf(durationMs);
  const steps = usePlayerState(player, ({ positionMs }) => Math.floor(positionMs / step));
  const secondsOf = (milliseconds: number) => (Math.floor(milliseconds / step) * step) / 1000;
  const keys: Record<string, () => void> = {
    Home: () => player.seek(0),
    End: () => player.seek(durationMs),
    PageUp: () => player.seekBy(60_000),
    PageDown: () => player.seekBy(-60_000),
    ArrowUp: () => player.seekBy(1_000),
    ArrowDown: () => player.seekBy(-1_000),
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={secondsOf(durationMs)}
      aria-valuenow={secondsOf(steps * step)}
      aria-valuetext={`${speakPositionIn(durationMs, steps * step)} of ${speakPositionIn(durationMs, durationMs)}`}
      className="timeline-head"
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    />
  );
}

/** Moves with each frame, without anything being rendered anew. */
export function usePlayHead(box: RefObject<HTMLElement | null>, player: Player, durationMs: number): void {
  useEffect(() => {
    const move = () => {
      const share = (100 * player.current().positionMs) / Math.max(1, durationMs);
      box.current?.style.setProperty("--played", `${share}%`);
    };
    move();
    return player.subscribe(move);
  }, [box, player, durationMs]);
}
