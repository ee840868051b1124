"use client";

import { Ban, Plus, UserCheck } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { PersonView } from "../../../../lib/identity/people/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { hasSeveralProviders } from "../several-providers.ts";
import { AddUserDialog } from "./add-user-dialog.tsx";
import { CONSOLE_ROLES } from "./console-roles.ts";
import { EnableDialog } from "./enable-dialog.tsx";
import { EnabledMark } from "./enabled-mark.tsx";
import { useLocalPeople } from "./local-people.tsx";
import { UserDrawer } from "./user-drawer.tsx";

const UserList = z.object({ users: z.array(PersonView) });

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
    sortBy: ({ groups }) => groups.join(", ") || null,
    width: 120,
    flexible: true,
    title: ({ groups }) => groups.join(", ") || undefined,
    cell: ({ groups }) => groups.join(", "),
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
  const model = useList({
    endpoint: "/api/v1/users",
    schema: UserList,
    rowsOf: usersOf,
    keyOf: idOf,
    textOf,
  });
  const several = hasSeveralProviders(model.all);
  const mayWrite = useViewer().permissions.includes("people:write");
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<PersonView | null>(null);
  const local = useLocalPeople(model.refresh);
  const actionsOf = (user: PersonView): RowAction[] => [
    ...local.actionsOf(user),
    user.enabled
      ? { label: "Disable", icon: Ban, danger: true, run: () => setChanging(user) }
      : { label: "Enable", icon: UserCheck, run: () => setChanging(user) },
  ];
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Users"
        noun={{ one: "user", many: "users" }}
        searchLabel="Name, email, group or role"
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
              onChange={mayWrite ? setChanging : undefined}
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

const usersOf = (answer: z.infer<typeof UserList>) => answer.users;
const idOf = ({ id }: PersonView) => id;
const textOf = ({ name, email, groups, consoleRole, enabled, provider }: PersonView) =>
  [name, email, consoleRole, enabled ? "enabled" : "disabled", provider ?? "", ...groups].join(" ");
