"use client";

import { AuditPage } from "../../../components/audit/audit-page.tsx";
import { AuditPageWaiting } from "../../../components/audit/audit-page-waiting.tsx";
import { ScopeChoice } from "../../../components/audit/scope/scope-choice.tsx";
import { useAuditPage } from "../../../components/audit/use-audit-page.ts";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { useStartedAt } from "../../../components/time/use-started-at.ts";
import { EventDrawer } from "./detail/event-drawer.tsx";
import { EVENT_HISTORY } from "./surface.ts";

/** The page, once the browser has said in which time zone its days are. */
export function EventHistory() {
  const { timeZone } = useTimeZoneChoice();
  const started = useStartedAt();
  if (!timeZone || started === null) return <AuditPageWaiting title={EVENT_HISTORY.title} />;
  return <EventHistoryPage timeZone={timeZone} started={started} />;
}

function EventHistoryPage({ timeZone, started }: { timeZone: string; started: number }) {
  const model = useAuditPage(EVENT_HISTORY, timeZone, started);
  const { open } = model;
  return (
    <AuditPage
      model={model}
      views={<ScopeChoice model={model} />}
      drawer={open.no === null ? null : <EventDrawer no={open.no} model={model} />}
    />
  );
}
