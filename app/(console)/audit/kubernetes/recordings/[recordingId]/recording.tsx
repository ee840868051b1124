"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RecordingDetail } from "../../../../../../lib/recordings/live/schema.ts";
import { isOutage } from "../../../../../components/request-error.ts";
import { requestJson } from "../../../../../components/request-json.ts";
import { LiveSession } from "./live/live-session.tsx";
import { Playback } from "./playback.tsx";
import { RecordingFrame } from "./recording-frame.tsx";
import {
  RecordingFailed,
  RecordingLoading,
  RecordingPreparing,
  RecordingUnplayable,
} from "./recording-states.tsx";

/** What is being prepared is asked for this often; what failed, or cannot be had because of an outage, less often. */
const PREPARING_MS = 1_000;
const LATER_MS = 10_000;

/** One session: watched while it runs, then played. */
export function Recording({ recordingId }: { recordingId: string }) {
  const [ended, setEnded] = useState(false);
  const address = `/api/v1/recordings/${encodeURIComponent(recordingId)}`;
  const answer = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => requestJson(address, RecordingDetail, { signal }),
    refetchInterval: ({ state }) => {
      if (isOutage(state.error)) return LATER_MS;
      if (state.data?.state === "preparing") return state.data.problem === null ? PREPARING_MS : LATER_MS;
      return ended && state.data?.state === "running" && PREPARING_MS;
    },
  });
  useEffect(() => {
    // It is there when the answer is; where it cannot be had, who shows a terminal says so.
    import("@xterm/xterm").catch(() => undefined);
  }, []);
  const detail = answer.data;
  const onEnd = () => {
    setEnded(true);
    void answer.refetch();
  };
  if (!detail) {
    return (
      <RecordingFrame>
        {answer.isError ? (
          <RecordingFailed error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <RecordingLoading />
        )}
      </RecordingFrame>
    );
  }
  if (detail.state === "running" && detail.running) {
    return <LiveSession session={detail.running} address={address} onEnd={onEnd} />;
  }
  if (detail.state === "ready" && detail.entry) return <Playback entry={detail.entry} address={address} />;
  return (
    <RecordingFrame entry={detail.entry} address={address}>
      {detail.state === "failed" ? (
        <RecordingUnplayable problem={detail.problem} />
      ) : (
        <RecordingPreparing entry={detail.entry} problem={detail.problem} />
      )}
    </RecordingFrame>
  );
}
