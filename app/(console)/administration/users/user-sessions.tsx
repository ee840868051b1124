"use client";

import { useState } from "react";
import { z } from "zod";
import { SessionView } from "../../../../lib/identity/sessions/schema.ts";
import { Button } from "../../../components/button.tsx";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { sessionName } from "../../../components/session-name.ts";
import { When } from "../../../components/time/when.tsx";
import { CredentialList } from "./credential-list.tsx";
import { useCredentials } from "./use-credentials.ts";

const Answer = z.object({ sessions: z.array(SessionView) });

/** The browsers that one person is signed in with. */
export function UserSessions({ userId, mayRevoke }: { userId: string; mayRevoke: boolean }) {
  const { data, isError, refresh } = useCredentials(`/api/v1/users/${userId}/sessions`, Answer);
  const [revoking, setRevoking] = useState<SessionView | null>(null);
  const [revokingAll, setRevokingAll] = useState(false);
  return (
    <>
      <CredentialList
        title="Sessions"
        noun="session"
        rows={data?.sessions}
        failed={isError}
        nameOf={sessionName}
        describe={(session) => (
          <>
            seen <When time={session.lastSeenAt} absent="" />, began{" "}
            <When time={session.createdAt} absent="" />
            {session.provider ? ` with ${session.provider}` : null}, ends{" "}
            <When time={session.expiresAt} absent="" />
          </>
        )}
        onRevoke={mayRevoke ? setRevoking : undefined}
      />
      {mayRevoke && (data?.sessions.length ?? 0) > 1 ? (
        <Button look="danger-plain" className="justify-self-start" onClick={() => setRevokingAll(true)}>
          Revoke all sessions
        </Button>
      ) : null}
      <RevokeDialog
        title={`Revoke all ${data?.sessions.length ?? 0} sessions?`}
        path={revokingAll ? `/api/v1/users/${userId}/sessions` : null}
        done="Sessions revoked"
        onClose={() => setRevokingAll(false)}
        onDone={refresh}
      >
        They are signed out everywhere at once, the command line too. Every token that was issued in these
        sessions stops to count, and applications whose secret was made in one are disabled.
      </RevokeDialog>
      <RevokeDialog
        title="Revoke this session?"
        path={revoking && `/api/v1/sessions/${revoking.id}`}
        done="Session revoked"
        onClose={() => setRevoking(null)}
        onDone={refresh}
      >
        {revoking ? sessionName(revoking) : ""} is signed out at once. Every token that was issued in this
        session stops to count, and applications whose secret was made in it are disabled.
      </RevokeDialog>
    </>
  );
}
