"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { EndedSessions, SessionView } from "../../../../lib/identity/sessions/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { requestJson, sendJson } from "../../../components/request-json.ts";
import { addressOf, deviceOf, sessionName } from "../../../components/session-name.ts";
import { signOut } from "../../../components/shell/sign-out.ts";
import { formatSpan } from "../../../components/time/format-ago.ts";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";

const ENDPOINT = "/api/v1/sessions";
const SessionList = z.object({ sessions: z.array(SessionView) });

const COLUMNS: readonly ListColumn<SessionView>[] = [
  {
    id: "device",
    label: "Device",
    width: 200,
    flexible: true,
    className: "is-ink",
    title: ({ userAgent }) => userAgent ?? undefined,
    cell: (session) => (
      <>
        {deviceOf(session)}
        {session.current ? <span className="tag ml-2">This one</span> : null}
      </>
    ),
  },
  {
    id: "address",
    label: "Address",
    width: 200,
    title: addressOf,
    cell: addressOf,
  },
  { id: "provider", label: "Signed in with", width: 130, cell: ({ provider }) => provider },
  {
    id: "begun",
    label: "Begun",
    width: 120,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
  {
    id: "seen",
    label: "Last seen",
    width: 120,
    cell: ({ lastSeenAt }) => <When time={lastSeenAt} absent="" />,
  },
  {
    id: "ends",
    label: "Ends",
    width: 120,
    cell: ({ expiresAt }) => <When time={expiresAt} absent="" />,
  },
];

type Ending = { session: SessionView } | "others";

const describeLogins = (count: number): string => {
  if (count === 0) return "";
  return count === 1 ? "and 1 login of the command line" : `and ${count} logins of the command line`;
};

/** The browsers that one is signed in with. */
export function OwnSessions({ idleMs, lifetimeMs }: { idleMs: number; lifetimeMs: number }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, SessionList, { signal }),
  });
  const [ending, setEnding] = useState<Ending | null>(null);
  const sessions = data?.sessions ?? [];
  const others = sessions.filter(({ current }) => !current).length;
  const actionsOf = (session: SessionView): RowAction[] => [
    session.current
      ? { label: "Sign out", icon: LogOut, run: () => void signOut() }
      : { label: "End session", icon: LogOut, danger: true, run: () => setEnding({ session }) },
  ];
  async function end() {
    if (ending === null) return;
    try {
      if (ending === "others") {
        const { ended, logins } = await sendJson(`${ENDPOINT}/others`, EndedSessions, "DELETE");
        showDone(ended === 1 ? "1 session ended" : `${ended} sessions ended`, describeLogins(logins));
      } else {
        await sendJson(`${ENDPOINT}/${ending.session.id}`, z.unknown(), "DELETE");
        showDone("Session ended", deviceOf(ending.session));
      }
    } catch (failure) {
      showFailure("It did not end", failure instanceof Error ? failure.message : "");
    }
    // What was made in them ended, too.
    void client.invalidateQueries();
  }
  return (
    <section className="page-section" aria-labelledby="sessions">
      <header>
        <h2 id="sessions">Sessions</h2>
        <p>
          end after {formatSpan(idleMs)} without use, {formatSpan(lifetimeMs)} at the latest
        </p>
        {others > 0 ? (
          <Button className="ml-auto" look="danger-plain" onClick={() => setEnding("others")}>
            End all others
          </Button>
        ) : null}
      </header>
      {error ? <FailedRows error={error} noun={{ many: "sessions" }} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <LoadingRows />}
      {sessions.length > 0 ? (
        <PlainTable
          label="Sessions"
          rows={sessions}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          nameOf={sessionName}
          linesOf={(session) => ({
            first: `${deviceOf(session)}${session.current ? " (this one)" : ""}`,
            second: (
              <>
                {addressOf(session)} · seen <When time={session.lastSeenAt} absent="" />
              </>
            ),
          })}
          actionsOf={actionsOf}
        />
      ) : null}
      <ConfirmDialog
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={ending === "others" ? "End all other sessions?" : "End this session?"}
        verb={ending === "others" ? "End all others" : "End session"}
        keep="Keep"
        onConfirm={end}
      >
        {ending === "others"
          ? `${others === 1 ? "1 other browser is" : `${others} other browsers are`} signed out at once, and the command line everywhere.`
          : ending && `${sessionName(ending.session)} is signed out at once.`}{" "}
        Every token that was issued there stops to count, terminals that were opened there end, and
        applications whose secret was made there are disabled.
      </ConfirmDialog>
    </section>
  );
}
