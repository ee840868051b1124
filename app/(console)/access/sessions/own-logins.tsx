"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { LoginView } from "../../../../lib/identity/logins/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { describeScopes } from "../../../components/keys/key-bounds.ts";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { addressOfLogin, flowOf } from "../../../components/login-name.ts";
import { requestJson } from "../../../components/request-json.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { When } from "../../../components/time/when.tsx";

const ENDPOINT = "/api/v1/logins";
const LoginList = z.object({ logins: z.array(LoginView) });

const COLUMNS: readonly ListColumn<LoginView>[] = [
  {
    id: "device",
    label: "Device",
    width: 200,
    flexible: true,
    className: "is-ink",
    title: ({ userAgent }) => userAgent ?? undefined,
    cell: ({ name }) => name,
  },
  { id: "address", label: "Address", width: 200, title: addressOfLogin, cell: addressOfLogin },
  { id: "flow", label: "Approved", width: 150, cell: flowOf },
  { id: "scopes", label: "May be used for", width: 150, title: describeScopes, cell: describeScopes },
  { id: "begun", label: "Begun", width: 120, cell: ({ createdAt }) => <When time={createdAt} absent="" /> },
  {
    id: "used",
    label: "Last used",
    width: 120,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="" />,
  },
  { id: "ends", label: "Ends", width: 120, cell: ({ expiresAt }) => <When time={expiresAt} absent="" /> },
];

/** Where the command line is signed in as oneself. */
export function OwnLogins() {
  const { data, error, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, LoginList, { signal }),
  });
  const client = useQueryClient();
  const [ending, setEnding] = useState<LoginView | null>(null);
  const logins = data?.logins ?? [];
  const actionsOf = (login: LoginView): RowAction[] => [
    { label: "Sign out", icon: LogOut, danger: true, run: () => setEnding(login) },
  ];
  return (
    <section className="page-section" aria-labelledby="logins">
      <header>
        <h2 id="logins">Command line</h2>
        <p>
          signed in by <code>kubewitness login</code>
        </p>
      </header>
      {error ? <FailedRows error={error} noun={{ many: "logins" }} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <LoadingRows />}
      {data && logins.length === 0 ? (
        <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
          The command line is signed in nowhere as you.
        </p>
      ) : null}
      {logins.length > 0 ? (
        <PlainTable
          label="Command line"
          rows={logins}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          nameOf={({ name }) => name}
          linesOf={(login) => ({
            first: login.name,
            second: (
              <>
                {addressOfLogin(login)} · used <When time={login.lastUsedAt} absent="" />
              </>
            ),
          })}
          actionsOf={actionsOf}
        />
      ) : null}
      <RevokeDialog
        title="Sign out this device?"
        path={ending && `${ENDPOINT}/${ending.id}`}
        done="Device signed out"
        onClose={() => setEnding(null)}
        onDone={() => void client.invalidateQueries({ queryKey: [ENDPOINT] })}
      >
        The command line on “{ending?.name}” can do nothing in your name any more. Watches, shells and
        port-forwards that run with it end within seconds.
      </RevokeDialog>
    </section>
  );
}
