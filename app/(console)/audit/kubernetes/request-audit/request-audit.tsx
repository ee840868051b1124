"use client";

import { AuditPage } from "../../../../components/audit/audit-page.tsx";
import { AuditPageWaiting } from "../../../../components/audit/audit-page-waiting.tsx";
import { useAuditPage } from "../../../../components/audit/use-audit-page.ts";
import { Segmented } from "../../../../components/segmented.tsx";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import { useStartedAt } from "../../../../components/time/use-started-at.ts";
import { CommandsView } from "./commands/commands-view.tsx";
import { useCommands } from "./commands/use-commands.ts";
import { CallDrawer } from "./detail/call-drawer.tsx";
import { REQUEST_AUDIT } from "./surface.ts";

const VIEWS = [
  { value: "calls", label: "API calls" },
  { value: "commands", label: "Commands" },
] as const;

/** The page, once the browser has said in which time zone its day is. */
export function RequestAudit() {
  const { timeZone } = useTimeZoneChoice();
  const started = useStartedAt();
  if (!timeZone || started === null) return <AuditPageWaiting title={REQUEST_AUDIT.title} />;
  return <RequestAuditPage timeZone={timeZone} started={started} />;
}

function RequestAuditPage({ timeZone, started }: { timeZone: string; started: number }) {
  const model = useAuditPage(REQUEST_AUDIT, timeZone, started);
  const { url, open } = model;
  const commands = useCommands(model);
  return (
    <AuditPage
      model={model}
      views={
        <Segmented
          label="View"
          value={url.view}
          onValueChange={(view) => void url.setView(view)}
          options={VIEWS}
        />
      }
      otherView={
        url.view === "commands"
          ? {
              content: <CommandsView model={model} commands={commands} />,
              noun: { one: "command", many: "commands" },
              count: commands.count,
              focusedIndex: commands.focusedIndex,
              move: commands.move,
              openFocused: commands.openFocused,
            }
          : undefined
      }
      drawer={open.no === null ? null : <CallDrawer no={open.no} model={model} />}
    />
  );
}
