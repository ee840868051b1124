"use client";

import { Check, Maximize2, Minimize2, Pause, Play } from "lucide-react";
import { Button } from "../../../../../../components/button.tsx";
import { IconButton } from "../../../../../../components/icon-button.tsx";
import { formatPositionIn, stepOf } from "../../../../../../components/recordings/moment.ts";
import { Select } from "../../../../../../components/select.tsx";
import { Tooltip } from "../../../../../../components/tooltip.tsx";
import { type Player, SPEEDS } from "./player.ts";
import { usePlayerState } from "./use-player-state.ts";

const SPEED_OPTIONS = SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }));
export const STEP_MS = 10_000;

/** Play, pause, go on and back, speed, idle time, full screen. */
export function PlayerControls({
  player,
  durationMs,
  isFull,
  onFull,
}: {
  player: Player;
  durationMs: number;
  isFull: boolean;
  onFull: () => void;
}) {
  const playing = usePlayerState(player, (state) => state.playing);
  const speed = usePlayerState(player, (state) => state.speed);
  const skipIdle = usePlayerState(player, (state) => state.skipIdle);
  const step = stepOf(durationMs);
  const steps = usePlayerState(player, (state) => Math.floor(state.positionMs / step));
  return (
    <div className="recording-controls">
      <Tooltip label={playing ? "Pause" : "Play"} keys="Space" side="top">
        <Button
          look="primary"
          size="icon"
          aria-label={playing ? "Pause" : "Play"}
          onClick={() => player.toggle()}
        >
          {playing ? (
            <Pause aria-hidden className="fill-current" />
          ) : (
            <Play aria-hidden className="fill-current" />
          )}
        </Button>
      </Tooltip>
      <Button look="ghost" onClick={() => player.seekBy(-STEP_MS)}>
        −10 s<span className="sr-only"> back</span>
      </Button>
      <Button look="ghost" onClick={() => player.seekBy(STEP_MS)}>
        +10 s<span className="sr-only"> on</span>
      </Button>
      <span className="position">
        {formatPositionIn(durationMs, steps * step)} <span>/ {formatPositionIn(durationMs, durationMs)}</span>
      </span>
      <Select
        label="Speed"
        value={String(speed)}
        options={SPEED_OPTIONS}
        onValueChange={(value) => player.setSpeed(Number(value))}
        className="min-w-[58px] tabular-nums"
      />
      <Button aria-pressed={skipIdle} onClick={() => player.setSkipIdle(!skipIdle)}>
        {skipIdle ? <Check aria-hidden /> : null}
        Skip idle
      </Button>
      <ul className="timeline-key" aria-hidden>
        <li>
          <i className="is-command" />
          Command
        </li>
        <li>
          <i className="is-call" />
          API call
        </li>
        <li>
          <i className="is-failed" />
          Failed call
        </li>
      </ul>
      <IconButton label={isFull ? "Leave full screen" : "Full screen"} keys="f" onClick={onFull}>
        {isFull ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
      </IconButton>
    </div>
  );
}
