"use client";

import { type PointerEvent, useMemo, useRef, useState } from "react";
import { ACTIVITY_BUCKETS, type PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";
import { commandAt } from "../side/command-at.ts";
import type { RecordingCall } from "../side/recording-call.ts";
import { activityPath, BARS_HEIGHT } from "./activity-path.ts";
import { momentPressed } from "./moment-pressed.ts";
import { PlayHead, usePlayHead } from "./play-head.tsx";
import { PointedMoment } from "./pointed-moment.tsx";
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
      {pointed === null ? null : <PointedMoment {...{ markers, calls, durationMs }} atMs={pointed} />}
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
