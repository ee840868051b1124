"use client";

import { AuditPage } from "../../../../components/audit/audit-page.tsx";
import { AuditPageWaiting } from "../../../../components/audit/audit-page-waiting.tsx";
import { useAuditPage } from "../../../../components/audit/use-audit-page.ts";
import { useViewer } from "../../../../components/shell/viewer.tsx";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import { useStartedAt } from "../../../../components/time/use-started-at.ts";
import { PlayPermissionNote } from "./play-permission-note.tsx";
import { RunningSessions } from "./running-sessions.tsx";
import { PLAYABLE_RECORDINGS, RECORDINGS } from "./surface.ts";

/** The page, once the browser has said in which time zone its days are. */
export function Recordings() {
  const { timeZone } = useTimeZoneChoice();
  const started = useStartedAt();
  if (!timeZone || started === null) return <AuditPageWaiting title={RECORDINGS.title} />;
  return <RecordingsPage timeZone={timeZone} started={started} />;
}

function RecordingsPage({ timeZone, started }: { timeZone: string; started: number }) {
  const mayPlay = useViewer().permissions.includes("recordings:play");
  const model = useAuditPage(mayPlay ? PLAYABLE_RECORDINGS : RECORDINGS, timeZone, started);
  return (
    <AuditPage
      model={model}
      above={
        <>
          {mayPlay ? null : <PlayPermissionNote />}
          <RunningSessions />
        </>
      }
      drawer={null}
    />
  );
}
