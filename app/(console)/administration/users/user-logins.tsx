"use client";

import { useState } from "react";
import { z } from "zod";
import { LoginView } from "../../../../lib/identity/logins/schema.ts";
import { loginName } from "../../../components/login-name.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { When } from "../../../components/time/when.tsx";
import { CredentialList } from "./credential-list.tsx";
import { useCredentials } from "./use-credentials.ts";

const Answer = z.object({ logins: z.array(LoginView) });

/** Where the command line is signed in as one person. */
export function UserLogins({ userId, mayRevoke }: { userId: string; mayRevoke: boolean }) {
  const { data, isError, refresh } = useCredentials(`/api/v1/users/${userId}/logins`, Answer);
  const [revoking, setRevoking] = useState<LoginView | null>(null);
  return (
    <>
      <CredentialList
        title="Command line"
        noun="login"
        rows={data?.logins}
        failed={isError}
        nameOf={loginName}
        describe={(login) => (
          <>
            used <When time={login.lastUsedAt} absent="" />, began <When time={login.createdAt} absent="" />,
            ends <When time={login.expiresAt} absent="" />
          </>
        )}
        onRevoke={mayRevoke ? setRevoking : undefined}
      />
      <RevokeDialog
        title="Revoke this login?"
        path={revoking && `/api/v1/logins/${revoking.id}`}
        done="Login revoked"
        onClose={() => setRevoking(null)}
        onDone={refresh}
      >
        The command line on {revoking ? loginName(revoking) : ""} is signed out. What runs with it ends within
        seconds.
      </RevokeDialog>
    </>
  );
}
