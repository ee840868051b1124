"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { type CreatedScimToken, ScimTokenView } from "../../../../lib/identity/scim/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { CopyLines, ShownOnceDialog } from "../../../components/form/shown-once.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { Page } from "../../../components/shell/page-frame.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { AddScimTokenDialog, type ProviderChoice } from "./add-scim-token-dialog.tsx";

const ENDPOINT = "/api/v1/scim-tokens";
const TokenList = z.object({ tokens: z.array(ScimTokenView) });

const COLUMNS: readonly ListColumn<ScimTokenView>[] = [
  {
    id: "name",
    label: "Name",
    width: 200,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "provider",
    label: "Identity provider",
    width: 150,
    cell: ({ provider }) => provider ?? <span className="faint">Former</span>,
  },
  {
    id: "by",
    label: "Made by",
    width: 180,
    title: ({ createdBy }) => createdBy ?? undefined,
    cell: ({ createdBy }) => createdBy,
  },
  {
    id: "created",
    label: "Made",
    width: 120,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
  {
    id: "used",
    label: "Last used",
    width: 120,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
  { id: "ends", label: "Counts until", width: 140, cell: (token) => <TokenEnd token={token} /> },
];

/** SCIM: where identity providers provision people and groups, and the tokens that they do it with. */
export function Provisioning({
  address,
  providers,
}: {
  address: string;
  providers: readonly ProviderChoice[];
}) {
  const mayWrite = useViewer().permissions.includes("people:write");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, TokenList, { signal }),
  });
  const refresh = () => void client.invalidateQueries({ queryKey: [ENDPOINT] });
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<CreatedScimToken | null>(null);
  const [revoking, setRevoking] = useState<ScimTokenView | null>(null);
  const tokens = data?.tokens ?? [];
  const actionsOf = (token: ScimTokenView): RowAction[] =>
    counts(token) ? [{ label: "Revoke", icon: Trash2, danger: true, run: () => setRevoking(token) }] : [];
  return (
    <Page
      path={["Administration"]}
      title="Provisioning"
      actions={
        mayWrite && providers.length > 0 ? (
          <Button look="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="text-accent-fg!" />
            Make token
          </Button>
        ) : null
      }
    >
      <section className="page-section" aria-labelledby="scim">
        <header>
          <h2 id="scim">SCIM 2.0</h2>
          <p>what an identity provider needs to bring people and groups here before they sign in</p>
        </header>
        <div className="grid max-w-[640px] gap-2.5 border-t border-line px-4 py-3 text-nav text-fg-2">
          <CopyLines values={[{ label: "Tenant URL (base address)", text: address }]} />
          <p>
            Somebody whom it deactivates is out within two seconds: sessions, tokens and running calls end.
            Nobody gets a console role by it; that is for their sign-in to say.
          </p>
        </div>
      </section>
      <section className="page-section" aria-labelledby="scim-tokens">
        <header>
          <h2 id="scim-tokens">Tokens</h2>
          <p>each for the people and groups of one identity provider</p>
        </header>
        {error ? <FailedRows error={error} noun={{ many: "tokens" }} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <LoadingRows />}
        {data && tokens.length === 0 ? (
          <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
            {providers.length === 0
              ? "No identity provider is configured: there is nobody to provision."
              : "No token yet. An administrator makes one for the identity provider’s SCIM client."}
          </p>
        ) : null}
        {tokens.length > 0 ? (
          <PlainTable
            label="SCIM tokens"
            rows={tokens}
            columns={COLUMNS}
            keyOf={({ id }) => id}
            nameOf={({ name }) => name}
            linesOf={(token) => ({
              first: token.name,
              second: (
                <>
                  {token.provider ?? "Former provider"} · <TokenEnd token={token} />
                </>
              ),
            })}
            actionsOf={mayWrite ? actionsOf : undefined}
            isDim={(token) => !counts(token)}
          />
        ) : null}
      </section>
      <AddScimTokenDialog
        open={adding}
        onOpenChange={setAdding}
        providers={providers}
        onCreated={(token) => {
          setCreated(token);
          refresh();
        }}
      />
      <ShownOnceDialog
        open={created !== null}
        onClose={() => setCreated(null)}
        title={`SCIM token ${created?.name ?? ""}`}
        values={[
          { label: "Tenant URL", text: address },
          { label: "Secret token", text: created?.token ?? "" },
        ]}
      />
      <RevokeDialog
        title="Revoke this SCIM token?"
        path={revoking && `${ENDPOINT}/${revoking.id}`}
        done="SCIM token revoked"
        onClose={() => setRevoking(null)}
        onDone={refresh}
      >
        “{revoking?.name}” stops to count at once. People and groups stay as they are; nobody is deactivated
        any more by whoever provisioned with it.
      </RevokeDialog>
    </Page>
  );
}

function TokenEnd({ token }: { token: ScimTokenView }) {
  if (token.revokedAt) {
    return (
      <>
        Revoked <When time={token.revokedAt} absent="" />
      </>
    );
  }
  if (!counts(token)) return token.provider === null ? "Does not count" : "Expired";
  return <When time={token.expiresAt} absent="It is revoked" />;
}

const counts = ({ revokedAt, expiresAt, provider }: ScimTokenView): boolean =>
  revokedAt === null && provider !== null && (expiresAt === null || Date.parse(expiresAt) > Date.now());
