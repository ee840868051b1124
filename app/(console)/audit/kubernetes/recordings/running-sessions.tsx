"use client";

import Link from "next/link";
import { useState } from "react";
import type { RunningSession } from "../../../../../lib/recordings/live/schema.ts";
import { formatBytes } from "../../../../components/audit/format-count.ts";
import { Button } from "../../../../components/button.tsx";
import {
  EndSessionDialog,
  personOf,
  placeOf,
} from "../../../../components/recordings/end-session-dialog.tsx";
import { IDLE_FROM_MS } from "../../../../components/recordings/idle.ts";
import { formatPosition } from "../../../../components/recordings/moment.ts";
import { useRunningSessions } from "../../../../components/recordings/use-running-sessions.ts";
import { useViewer } from "../../../../components/shell/viewer.tsx";
import { formatMoment } from "../../../../components/time/format-time.ts";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import { useNow } from "../../../../components/time/use-now.ts";

const ASK_MS = 5_000;

/** The sessions that run now, above those that are over; nothing where none does. What could not be asked is said. */
export function RunningSessions() {
  const { data, error, refetch } = useRunningSessions(ASK_MS);
  const { permissions } = useViewer();
  const [ending, setEnding] = useState<RunningSession | null>(null);
  const sessions = data?.sessions ?? [];
  return (
    <>
      {error ? (
        <p role="alert" className="list-note">
          {data ? "What runs now may have changed since" : "What runs now is not known"}: {error.message}
        </p>
      ) : null}
      {sessions.length === 0 ? null : (
        <section className="running-sessions" aria-labelledby="running-sessions">
          <h2 id="running-sessions">
            <i aria-hidden />
            Running now <span>{sessions.length}</span>
          </h2>
          <ul>
            {sessions.map((session) => (
              <li key={session.recordingId}>
                <RunningFacts session={session} />
                <span className="actions">
                  {permissions.includes("recordings:play") ? (
                    <Button asChild size="small">
                      <Link prefetch={false} href={`/audit/kubernetes/recordings/${session.recordingId}`}>
                        Watch<span className="sr-only"> the session of {personOf(session)}</span>
                      </Link>
                    </Button>
                  ) : null}
                  {permissions.includes("recordings:end") ? (
                    <Button
                      look="danger-plain"
                      size="small"
                      aria-disabled={session.endRequested}
                      onClick={() => !session.endRequested && setEnding(session)}
                    >
                      {session.endRequested ? "Ending" : "End…"}
                      <span className="sr-only"> the session of {personOf(session)}</span>
                    </Button>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <EndSessionDialog session={ending} onClose={() => setEnding(null)} onDone={() => void refetch()} />
    </>
  );
}

function RunningFacts({ session }: { session: RunningSession }) {
  const now = useNow(1_000);
  const { timeZone } = useTimeZoneChoice();
  const since = Date.parse(session.startedAt);
  return (
    <>
      <span className="who cut" title={session.email ?? undefined}>
        {personOf(session)}
      </span>
      <span className="identifier where cut" title={`${placeOf(session)} on ${session.clusterName}`}>
        {placeOf(session)}
      </span>
      <span className="cluster cut">{session.clusterName}</span>
      <span className="kind">{session.kind}</span>
      <span className="since" title={timeZone ? `${formatMoment(since, timeZone)} ${timeZone}` : undefined}>
        {now === null ? "" : formatPosition(now - since)}
      </span>
      <span className="idle">
        {session.idleMs >= IDLE_FROM_MS ? `idle ${formatPosition(session.idleMs)}` : "active"}
      </span>
      <span className="bytes">{formatBytes(session.outputBytes)}</span>
    </>
  );
}
