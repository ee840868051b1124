"use client";

import {
  type CSSProperties,
  type PointerEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { ACTIVITY_BUCKETS, type PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatPosition, speakPosition } from "../../../../../../components/recordings/moment.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";
import { commandAt } from "../side/command-at.ts";
import type { RecordingCall } from "../side/recording-call.ts";
import { activityPath, BARS_HEIGHT } from "./activity-path.ts";
import { thinMarks } from "./thin-marks.ts";

/** An idle span narrower than this part of the recording has no room for words. */
const WORDS_FROM = 0.075;
/** One that is narrower than this is not shown. */
const SHOWN_FROM = 0.012;

/** The whole recording in a line: what was shown when, idle spans, commands above, API calls below. Click, drag or use the keys. */
export function Timeline({
  player,
  index,
  calls,
}: {
  player: Player;
  index: PlaybackIndex;
  calls: readonly RecordingCall[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { durationMs, markers } = index;
  const path = useMemo(() => activityPath(index.activity), [index]);
  const shownMarkers = useMemo(() => thinMarks(markers, durationMs), [markers, durationMs]);
  const shownCalls = useMemo(() => thinMarks(calls, durationMs), [calls, durationMs]);
  const idle = index.idle.filter(({ fromMs, toMs }) => (toMs - fromMs) / durationMs >= SHOWN_FROM);
  const current = usePlayerState(
    player,
    ({ positionMs }) => markers[commandAt(markers, positionMs)]?.atMs ?? -1,
  );
  usePlayHead(box, player, durationMs);

  const momentOf = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width)) * durationMs;
  };
  const share = (atMs: number) => `${(100 * atMs) / Math.max(1, durationMs)}%`;
  return (
    <div
      ref={box}
      className="timeline"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        player.seek(
          momentPressed(event, momentOf(event), { markers: shownMarkers, calls: shownCalls, durationMs }),
        );
      }}
      onPointerMove={(event) => {
        const atMs = momentOf(event);
        setPointed(atMs);
        if (event.currentTarget.hasPointerCapture(event.pointerId)) player.seek(atMs);
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <div className="timeline-lane is-commands" aria-hidden>
        {shownMarkers.map(({ atMs, label }) => (
          <i
            key={`${atMs} ${label}`}
            className={atMs === current ? "is-current" : undefined}
            style={{ left: share(atMs) }}
          />
        ))}
      </div>
      <div className="timeline-bars">
        <Bars path={path} className="is-later" />
        <Bars path={path} className="is-played" />
        {idle.map(({ fromMs, toMs }) => (
          <span
            key={fromMs}
            aria-hidden
            className="timeline-idle"
            style={{ left: share(fromMs), width: share(toMs - fromMs) }}
          >
            {(toMs - fromMs) / durationMs >= WORDS_FROM ? `idle ${formatPosition(toMs - fromMs)}` : null}
          </span>
        ))}
      </div>
      <div className="timeline-lane is-calls" aria-hidden>
        {shownCalls.map(({ atMs, failed, call }) => (
          <i key={call.no} className={failed ? "is-failed" : undefined} style={{ left: share(atMs) }} />
        ))}
      </div>
      <PlayHead player={player} durationMs={durationMs} />
      {pointed === null ? null : (
        <Pointed atMs={pointed} share={share(pointed)} says={wordsAt(pointed, markers, calls, durationMs)} />
      )}
    </div>
  );
}

function Bars({ path, className }: { path: string; className: string }) {
  return (
    <svg
      aria-hidden
      className={className}
      viewBox={`0 0 ${ACTIVITY_BUCKETS} ${BARS_HEIGHT}`}
      preserveAspectRatio="none"
    >
      <path d={path} />
    </svg>
  );
}

function PlayHead({ player, durationMs }: { player: Player; durationMs: number }) {
  const seconds = usePlayerState(player, ({ positionMs }) => Math.floor(positionMs / 1000));
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
      aria-valuemax={Math.floor(durationMs / 1000)}
      aria-valuenow={seconds}
      aria-valuetext={`${speakPosition(seconds * 1000)} of ${speakPosition(durationMs)}`}
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

function Pointed({ atMs, share, says }: { atMs: number; share: string; says: string | null }) {
  return (
    <span className="timeline-pointed" aria-hidden style={{ "--at": share } as CSSProperties}>
      <b>{formatPosition(atMs)}</b>
      {says ? <span className="mono cut">{says}</span> : null}
    </span>
  );
}

/** Moves with each frame, without anything being rendered anew. */
function usePlayHead(box: RefObject<HTMLElement | null>, player: Player, durationMs: number): void {
  useEffect(() => {
    const move = () => {
      const share = (100 * player.current().positionMs) / Math.max(1, durationMs);
      box.current?.style.setProperty("--played", `${share}%`);
    };
    move();
    return player.subscribe(move);
  }, [box, player, durationMs]);
}

/** Pixels about a mark within which a click means the mark. */
const REACH_PX = 6;

/** The moment that a press means: that of a mark in its lane, where one is near, else where it was. */
function momentPressed(
  event: PointerEvent,
  atMs: number,
  { markers, calls, durationMs }: { markers: readonly Mark[]; calls: readonly Mark[]; durationMs: number },
): number {
  const { top, height, width } = event.currentTarget.getBoundingClientRect();
  const down = (event.clientY - top) / height;
  const marks = down < 0.25 ? markers : down > 0.78 ? calls : [];
  const reachMs = (REACH_PX / Math.max(1, width)) * durationMs;
  const far = (mark: Mark) => Math.abs(mark.atMs - atMs);
  const nearest = marks.toSorted((a, b) => far(a) - far(b))[0];
  return nearest && far(nearest) <= reachMs ? nearest.atMs : atMs;
}

interface Mark {
  atMs: number;
}

function wordsAt(
  atMs: number,
  markers: PlaybackIndex["markers"],
  calls: readonly RecordingCall[],
  durationMs: number,
): string | null {
  const failed = calls.find((call) => call.failed && Math.abs(call.atMs - atMs) < durationMs / 200);
  return failed
    ? `${failed.call.verb} ${failed.call.resource ?? ""} failed`
    : (markers[commandAt(markers, atMs)]?.label ?? null);
}
