"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { AccessTokenView, type IssuedToken } from "../../../../lib/identity/tokens/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { ShownOnceDialog } from "../../../components/form/shown-once.tsx";
import { describeScopes } from "../../../components/keys/key-bounds.ts";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { When } from "../../../components/time/when.tsx";
import { tokenCounts } from "../../../components/token-counts.ts";
import { IssueTokenDialog } from "./issue-token-dialog.tsx";

const ENDPOINT = "/api/v1/tokens";
const TokenList = z.object({ tokens: z.array(AccessTokenView) });

const COLUMNS: readonly ListColumn<AccessTokenView>[] = [
  {
    id: "name",
    label: "Name",
    width: 240,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  { id: "scopes", label: "May be used for", width: 180, title: describeScopes, cell: describeScopes },
  {
    id: "created",
    label: "Issued",
    width: 140,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
  {
    id: "used",
    label: "Last used",
    width: 140,
    title: ({ lastUsedFrom }) => (lastUsedFrom === null ? undefined : `from ${lastUsedFrom}`),
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
  { id: "expires", label: "Expires", width: 160, cell: (token) => <TokenEnd token={token} /> },
];

/** One's own tokens for kubectl and the API. Those that do not count any more are shown on request. */
export function OwnTokens({ longestMs }: { longestMs: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, TokenList, { signal }),
  });
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: [ENDPOINT] });
  const [issuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  const [revoking, setRevoking] = useState<AccessTokenView | null>(null);
  const [showOld, setShowOld] = useState(false);
  const tokens = data?.tokens ?? [];
  const counting = tokens.filter(tokenCounts);
  const old = tokens.length - counting.length;
  const actionsOf = (token: AccessTokenView): RowAction[] =>
    tokenCounts(token)
      ? [{ label: "Revoke", icon: Trash2, danger: true, run: () => setRevoking(token) }]
      : [];
  return (
    <section className="page-section" aria-labelledby="tokens">
      <header>
        <h2 id="tokens">Tokens</h2>
        <p>for kubectl and the API, in your name</p>
        <Button className="ml-auto" onClick={() => setIssuing(true)}>
          <Plus aria-hidden />
          Issue token
        </Button>
      </header>
      {error ? <FailedRows error={error} noun={{ many: "tokens" }} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <LoadingRows />}
      {data && counting.length === 0 && !showOld ? (
        <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
          No token of yours counts now. A downloaded kubeconfig brings one, or issue one for scripts.
        </p>
      ) : null}
      {counting.length > 0 || (showOld && old > 0) ? (
        <PlainTable
          label="Tokens"
          rows={showOld ? tokens : counting}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          nameOf={({ name }) => name}
          linesOf={(token) => ({
            first: token.name,
            second: (
              <>
                {tokenCounts(token) ? "Expires " : null}
                <TokenEnd token={token} />
              </>
            ),
          })}
          actionsOf={actionsOf}
          isDim={(token) => !tokenCounts(token)}
        />
      ) : null}
      {old > 0 ? (
        <Button look="link" className="mx-4 my-1" onClick={() => setShowOld(!showOld)}>
          {showOld ? "Hide" : "Show"} {old} expired or revoked
        </Button>
      ) : null}
      <IssueTokenDialog
        open={issuing}
        onOpenChange={setIssuing}
        longestMs={longestMs}
        onIssued={(token) => {
          setIssued(token);
          refresh();
        }}
      />
      <ShownOnceDialog
        open={issued !== null}
        onClose={() => setIssued(null)}
        title={`Token ${issued?.name ?? ""}`}
        values={[{ label: "Token", text: issued?.token ?? "" }]}
      />
      <RevokeDialog
        title="Revoke this token?"
        path={revoking && `${ENDPOINT}/${revoking.id}`}
        done="Token revoked"
        onClose={() => setRevoking(null)}
        onDone={refresh}
      >
        “{revoking?.name}” stops to count at once, and so does every token that was made with it. Watches,
        shells and port-forwards that run with them end within seconds, and a kubeconfig with one has to be
        downloaded anew.
      </RevokeDialog>
    </section>
  );
}

function TokenEnd({ token }: { token: AccessTokenView }) {
  if (token.revokedAt) {
    return (
      <>
        Revoked <When time={token.revokedAt} absent="" />
      </>
    );
  }
  if (!tokenCounts(token)) return "Expired";
  return <When time={token.expiresAt} absent="" />;
}
