"use client";

import { useState } from "react";
import { z } from "zod";
import { AccessTokenView } from "../../../../lib/identity/tokens/schema.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { When } from "../../../components/time/when.tsx";
import { tokenCounts } from "../../../components/token-counts.ts";
import { CredentialList } from "./credential-list.tsx";
import { useCredentials } from "./use-credentials.ts";

const Answer = z.object({ tokens: z.array(AccessTokenView) });

/** The tokens of one person that count. */
export function UserTokens({ userId, mayRevoke }: { userId: string; mayRevoke: boolean }) {
  const { data, isError, refresh } = useCredentials(`/api/v1/users/${userId}/tokens`, Answer);
  const [revoking, setRevoking] = useState<AccessTokenView | null>(null);
  const counting = data?.tokens.filter(tokenCounts);
  return (
    <>
      <CredentialList
        title="Tokens"
        noun="token"
        rows={counting}
        failed={isError}
        nameOf={({ name }) => name}
        describe={(token) => (
          <>
            used <When time={token.lastUsedAt} absent="never" />, ends{" "}
            <When time={token.expiresAt} absent="" />
          </>
        )}
        onRevoke={mayRevoke ? setRevoking : undefined}
      />
      <RevokeDialog
        title="Revoke this token?"
        path={revoking && `/api/v1/tokens/${revoking.id}`}
        done="Token revoked"
        onClose={() => setRevoking(null)}
        onDone={refresh}
      >
        “{revoking?.name}” stops to count at once, and so does every token that was made with it. Watches,
        shells and port-forwards that run with them end within seconds.
      </RevokeDialog>
    </>
  );
}
