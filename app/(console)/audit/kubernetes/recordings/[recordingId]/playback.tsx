"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReadonlyURLSearchParams, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import { RecordingRelated } from "../../../../../../lib/audit/recordings/schema.ts";
import { PlaybackIndex } from "../../../../../../lib/recordings/playback/schema.ts";
import { readMoment } from "../../../../../components/recordings/moment.ts";
import { requestJson } from "../../../../../components/request-json.ts";
import { PlaybackStage } from "./playback-stage.tsx";
import { RecordingFrame } from "./recording-frame.tsx";
import { RecordingFailed, RecordingLoading } from "./recording-states.tsx";
import { callsOf } from "./side/recording-call.ts";

/** A session of one command shows all that it has to show at its end, and there is nothing to wait for. */
const AT_A_GLANCE_MS = 2_000;

/** The moment that the address names; null where it names none: then it is the start, or the first that shows what is sought. */
function startOf(parameters: ReadonlyURLSearchParams, { durationMs }: PlaybackIndex): number | null {
  const isAtAGlance = durationMs < AT_A_GLANCE_MS && !parameters.get("q");
  return readMoment(parameters.get("t")) ?? (isAtAGlance ? durationMs : null);
}

/** Plays a session that is over. */
export function Playback({ entry, address }: { entry: RecordingEntry; address: string }) {
  const parameters = useSearchParams();
  const playback = useQuery({
    queryKey: [address, "playback"],
    queryFn: ({ signal }) => requestJson(`${address}/playback`, PlaybackIndex, { signal }),
    // To ask for it is an event on the record.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const related = useQuery({
    queryKey: [address, "related"],
    queryFn: ({ signal }) => requestJson(`${address}/related`, RecordingRelated, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const calls = useMemo(
    () => (related.data ? callsOf(related.data, entry.startedAt) : null),
    [related.data, entry.startedAt],
  );
  if (!playback.data) {
    return (
      <RecordingFrame entry={entry} address={address}>
        {playback.isError ? (
          <RecordingFailed error={playback.error} onRetry={() => void playback.refetch()} />
        ) : (
          <RecordingLoading />
        )}
      </RecordingFrame>
    );
  }
  return (
    <PlaybackStage
      entry={entry}
      address={address}
      index={playback.data}
      calls={calls}
      moreCalls={related.data?.more ?? false}
      callsProblem={related.isError ? `They could not be loaded. ${related.error.message}` : null}
      startMs={startOf(parameters, playback.data)}
      sought={parameters.get("q") ?? ""}
    />
  );
}
