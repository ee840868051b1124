"use client";

import { CalendarClock, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { GrantList, type GrantView } from "../../../../lib/access/grants/schema.ts";
import { Button } from "../../../components/button.tsx";
import { namespacesOf, placeOf } from "../../../components/list/grants-of.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { usePagedList } from "../../../components/list/use-paged-list.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { ChangeExpiryDialog } from "./change-expiry-dialog.tsx";
import { CreateGrantDialog } from "./create-grant-dialog.tsx";
import { GrantDrawer } from "./grant-drawer.tsx";
import { RevokeGrantDialog } from "./revoke-grant-dialog.tsx";
import { isExpired, nameOfGrant, Subject } from "./subject.tsx";

const COLUMNS: readonly ListColumn<GrantView>[] = [
  {
    id: "subject",
    label: "Who",
    sortBy: ({ subject }) => subject.name,
    width: 200,
    className: "is-ink",
    title: ({ subject }) => `${subject.kind} ${subject.name}`,
    cell: ({ subject }) => <Subject subject={subject} />,
  },
  {
    id: "role",
    label: "Role",
    sortBy: ({ role }) => role.name,
    width: 120,
    className: "is-ink",
    cell: ({ role }) => role.name,
  },
  {
    id: "cluster",
    label: "Cluster",
    sortBy: ({ cluster }) => cluster?.name ?? null,
    width: 120,
    title: ({ cluster }) => cluster?.name,
    cell: (grant) =>
      grant.cluster?.name ?? (
        <span className="faint">
          {grant.clusterIds === null ? "Every cluster" : clusterCount(grant.clusterIds)}
        </span>
      ),
  },
  {
    id: "namespaces",
    label: "Namespaces",
    width: 130,
    flexible: true,
    title: (grant) => namespacesOf(grant) || undefined,
    cell: (grant) => namespacesOf(grant) || <span className="faint">All, and what has none</span>,
  },
  {
    id: "expires",
    label: "Expires",
    sortBy: ({ expiresAt }) => expiresAt,
    width: 110,
    cell: (grant) =>
      isExpired(grant) ? (
        <span className="text-fail">Expired</span>
      ) : (
        <When time={grant.expiresAt} absent="When revoked" />
      ),
  },
  {
    id: "created",
    label: "Granted",
    sortBy: ({ createdAt }) => createdAt,
    width: 110,
    from: 900,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
  {
    id: "used",
    label: "Last used",
    sortBy: ({ lastUsedAt }) => lastUsedAt,
    width: 110,
    from: 1000,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
];

const ENDPOINT = "/api/v1/grants";

/** Who has which role, where and until when. */
export function Grants() {
  const model = usePagedList({
    endpoint: ENDPOINT,
    schema: GrantList,
    rowsOf: grantsOf,
    totalOf: ({ total }) => total,
    keyOf: idOf,
    readOne: async (id, signal) =>
      (await requestJson(`${ENDPOINT}?${new URLSearchParams({ id })}`, GrantList, { signal })).grants[0] ??
      null,
  });
  const mayWrite = useViewer().permissions.includes("access:write");
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState<GrantView | null>(null);
  const [revoking, setRevoking] = useState<GrantView | null>(null);
  const actionsOf = (grant: GrantView): RowAction[] => [
    { label: "Change expiry…", icon: CalendarClock, run: () => setChanging(grant) },
    { label: "Revoke", icon: Trash2, danger: true, run: () => setRevoking(grant) },
  ];
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden className="text-accent-fg!" />
      Grant access
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Access"]}
        title="Grants"
        noun={{ one: "grant", many: "grants" }}
        searchLabel="Who, role, cluster or namespace"
        columns={COLUMNS}
        nameOf={nameOfGrant}
        linesOf={(grant) => ({
          first: `${grant.role.name} to ${grant.subject.name}`,
          second: `${placeOf(grant)}${isExpired(grant) ? " · expired" : ""}`,
        })}
        isDim={isExpired}
        actions={mayWrite ? create : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "Nobody may reach a cluster yet",
          text: "A grant gives a user, a group or an application a role on one cluster or on all. Without one every call is denied, and recorded.",
          action: mayWrite ? create : null,
        }}
        drawer={
          model.opened ? (
            <GrantDrawer
              grant={model.opened}
              onClose={() => model.open(null)}
              onChangeExpiry={mayWrite ? setChanging : undefined}
              onRevoke={mayWrite ? setRevoking : undefined}
            />
          ) : null
        }
      />
      <CreateGrantDialog open={creating} onOpenChange={setCreating} onDone={model.refresh} />
      <ChangeExpiryDialog grant={changing} onClose={() => setChanging(null)} onDone={model.refresh} />
      <RevokeGrantDialog grant={revoking} onClose={() => setRevoking(null)} onDone={model.refresh} />
    </>
  );
}

const clusterCount = ({ length }: readonly string[]) => (length === 1 ? "1 cluster" : `${length} clusters`);
const grantsOf = (answer: GrantList) => answer.grants;
const idOf = ({ id }: GrantView) => id;
