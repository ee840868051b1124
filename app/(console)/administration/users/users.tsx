"use client";

import { Ban, Plus, UserCheck } from "lucide-react";
import { useState } from "react";
import { PeoplePage, PersonView } from "../../../../lib/identity/people/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { usePagedList } from "../../../components/list/use-paged-list.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { hasSeveralProviders } from "../several-providers.ts";
import { AddUserDialog } from "./add-user-dialog.tsx";
import { CONSOLE_ROLES } from "./console-roles.ts";
import { EnableDialog } from "./enable-dialog.tsx";
import { EnabledMark } from "./enabled-mark.tsx";
import { useLocalPeople } from "./local-people.tsx";
import { UserDrawer } from "./user-drawer.tsx";
import { USER_SOURCES } from "./user-sources.ts";

const COLUMNS: readonly ListColumn<PersonView>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 150,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "email",
    label: "Email",
    sortBy: ({ email }) => email,
    width: 180,
    title: ({ email }) => email,
    cell: ({ email }) => email,
  },
  {
    id: "status",
    label: "Status",
    sortBy: ({ enabled }) => (enabled ? 1 : 0),
    width: 100,
    cell: (user) => <EnabledMark enabled={user.enabled} />,
  },
  {
    id: "source",
    label: "Source",
    sortBy: ({ source }) => source,
    width: 120,
    from: 1000,
    cell: ({ source }) => USER_SOURCES[source],
  },
  {
    id: "role",
    label: "Console role",
    sortBy: ({ consoleRole }) => CONSOLE_ROLES[consoleRole],
    width: 110,
    from: 800,
    cell: ({ consoleRole }) => CONSOLE_ROLES[consoleRole],
  },
  {
    id: "groups",
    label: "Groups",
    width: 120,
    flexible: true,
    title: (user) => groupText(user) || undefined,
    cell: (user) => groupText(user),
  },
  {
    id: "login",
    label: "Last sign-in",
    sortBy: ({ lastLoginAt }) => lastLoginAt,
    width: 110,
    cell: ({ lastLoginAt }) => <When time={lastLoginAt} absent="Never" />,
  },
  {
    id: "created",
    label: "Known since",
    sortBy: ({ createdAt }) => createdAt,
    width: 110,
    from: 900,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
];

/** Two providers may vouch for one address each: then each person says whose they are. */
const PROVIDER: ListColumn<PersonView> = {
  id: "provider",
  label: "Identity provider",
  sortBy: ({ provider, formerIssuer }) => provider ?? formerIssuer,
  width: 130,
  title: ({ formerIssuer }) => formerIssuer ?? undefined,
  cell: ({ provider }) => provider ?? <span className="faint">Former</span>,
};
const COLUMNS_OF_SEVERAL = [...COLUMNS.slice(0, 2), PROVIDER, ...COLUMNS.slice(2)];

/** People: who may sign in, and what they are to the console. */
export function Users() {
  const model = usePagedList({
    endpoint: "/api/v1/users",
    schema: PeoplePage,
    rowsOf: usersOf,
    totalOf,
    keyOf: idOf,
    readOne: readUser,
  });
  const several = hasSeveralProviders(model.all);
  const viewer = useViewer();
  const mayWrite = viewer.permissions.includes("people:write");
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<PersonView | null>(null);
  const local = useLocalPeople(model.refresh);
  const change = (user: PersonView): RowAction =>
    user.enabled
      ? { label: "Disable", icon: Ban, danger: true, run: () => setChanging(user) }
      : { label: "Enable", icon: UserCheck, run: () => setChanging(user) };
  // One's own second factors are for My security; only another administrator disables or removes one.
  const isOther = ({ id }: PersonView) => id !== viewer.id;
  // Whom SCIM has deactivated, nobody but the identity provider activates.
  const mayChange = (user: PersonView) => isOther(user) && user.disabledBy !== "scim";
  const actionsOf = (user: PersonView): RowAction[] => [
    ...(isOther(user) ? local.actionsOf(user) : []),
    ...(mayChange(user) ? [change(user)] : []),
  ];
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Users"
        noun={{ one: "user", many: "users" }}
        searchLabel="Name, email, group, role or source"
        columns={several ? COLUMNS_OF_SEVERAL : COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(user) => ({
          first: user.name,
          second: [
            ...(user.enabled ? [] : ["Disabled"]),
            user.email,
            ...(several ? [user.provider ?? "former provider"] : []),
            ...(user.enabled ? [user.consoleRole] : []),
          ].join(" · "),
        })}
        isDim={({ enabled }) => !enabled}
        actions={
          mayWrite ? (
            <>
              <Button onClick={local.add}>
                <Plus aria-hidden />
                Add local person
              </Button>
              <Button look="primary" onClick={() => setAdding(true)}>
                <Plus aria-hidden className="text-accent-fg!" />
                Add user
              </Button>
            </>
          ) : null
        }
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "Nobody has signed in yet",
          text: "People appear here when they first sign in with your identity provider. Add them before that to grant access in advance.",
        }}
        drawer={
          model.opened ? (
            <UserDrawer
              user={model.opened}
              onClose={() => model.open(null)}
              mayRevoke={mayWrite}
              onChange={mayWrite && mayChange(model.opened) ? setChanging : undefined}
            />
          ) : null
        }
      />
      {local.dialogs}
      <AddUserDialog open={adding} onOpenChange={setAdding} onDone={model.refresh} />
      <EnableDialog user={changing} onClose={() => setChanging(null)} onDone={model.refresh} />
    </>
  );
}

const usersOf = ({ users }: PeoplePage) => users;
const totalOf = ({ total }: PeoplePage) => total;
const idOf = ({ id }: PersonView) => id;
const readUser = (id: string, signal: AbortSignal) =>
  requestJson(`/api/v1/users/${encodeURIComponent(id)}`, PersonView, { signal });

/** A list names the first of somebody's groups; the rest are counted. */
function groupText({ groups, groupCount }: PersonView): string {
  const named = groups.join(", ");
  return groupCount > groups.length ? `${named} and ${groupCount - groups.length} more` : named;
}
