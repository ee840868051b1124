"use client";

import { AuditPage } from "../../../../components/audit/audit-page.tsx";
import { AuditPageWaiting } from "../../../../components/audit/audit-page-waiting.tsx";
import { useAuditPage } from "../../../../components/audit/use-audit-page.ts";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import { useStartedAt } from "../../../../components/time/use-started-at.ts";
import { PlayPermissionNote } from "./play-permission-note.tsx";
import { RunningSessions } from "./running-sessions.tsx";
import { RECORDINGS } from "./surface.ts";

/** The page, once the browser has said in which time zone its days are. */
export function Recordings() {
  const { timeZone } = useTimeZoneChoice();
  const started = useStartedAt();
  if (!timeZone || started === null) return <AuditPageWaiting title={RECORDINGS.title} />;
  return <RecordingsPage timeZone={timeZone} started={started} />;
}

function RecordingsPage({ timeZone, started }: { timeZone: string; started: number }) {
  const model = useAuditPage(RECORDINGS, timeZone, started);
  return (
    <AuditPage
      model={model}
      above={
        <>
          <PlayPermissionNote />
          <RunningSessions />
        </>
      }
      drawer={null}
    />
  );
}
