"use client";

import type { CSSProperties } from "react";
import type { PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatPositionIn } from "../../../../../../components/recordings/moment.ts";
import { commandAt } from "../side/command-at.ts";
import type { RecordingCall } from "../side/recording-call.ts";

/** The moment under the pointer, and what was there: a call that failed, else the command that ran. */
export function PointedMoment({
  atMs,
  markers,
  calls,
  durationMs,
}: {
  atMs: number;
  markers: PlaybackIndex["markers"];
  calls: readonly RecordingCall[];
  durationMs: number;
}) {
  const says = wordsAt(atMs, markers, calls, durationMs);
  const at = `${(100 * atMs) / Math.max(1, durationMs)}%`;
  return (
    <span className="timeline-pointed" aria-hidden style={{ "--at": at } as CSSProperties}>
      <b>{formatPositionIn(durationMs, atMs)}</b>
      {says ? <span className="mono cut">{says}</span> : null}
    </span>
  );
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
