"use client";

import { Ban, KeyRound, KeySquare, Plus, ShieldHalf, UserCheck } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { Button } from "../../../components/button.tsx";
import { describeNetworks, describeScopes } from "../../../components/keys/key-bounds.ts";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { CONSOLE_ROLES } from "../users/console-roles.ts";
import { EnabledMark } from "../users/enabled-mark.tsx";
import { AddApplicationDialog } from "./add-application-dialog.tsx";
import { ApplicationDrawer } from "./application-drawer.tsx";
import { BoundApplicationDialog } from "./bound-application-dialog.tsx";
import { EnableApplicationDialog } from "./enable-application-dialog.tsx";
import { EndSecretDialog } from "./end-secret-dialog.tsx";
import { RotateSecretDialog } from "./rotate-secret-dialog.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

const ApplicationList = z.object({ applications: z.array(ApplicationView) });

const COLUMNS: readonly ListColumn<ApplicationView>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 200,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "status",
    label: "Status",
    sortBy: ({ enabled }) => (enabled ? 1 : 0),
    width: 100,
    cell: (application) => <EnabledMark enabled={application.enabled} />,
  },
  {
    id: "role",
    label: "Console role",
    sortBy: ({ consoleRole }) => CONSOLE_ROLES[consoleRole],
    width: 120,
    cell: ({ consoleRole }) => CONSOLE_ROLES[consoleRole],
  },
  {
    id: "id",
    label: "Client ID",
    width: 270,
    from: 800,
    title: ({ id }) => id,
    cell: ({ id }) => <span className="identifier is-dim">{id}</span>,
  },
  {
    id: "scopes",
    label: "May be used for",
    width: 180,
    from: 900,
    title: describeScopes,
    cell: describeScopes,
  },
  {
    id: "used",
    label: "Last used",
    sortBy: ({ lastUsedAt }) => lastUsedAt,
    width: 120,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
  {
    id: "created",
    label: "Created",
    sortBy: ({ createdAt }) => createdAt,
    width: 120,
    from: 700,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
];

/** Machine clients of the API and of clusters. */
export function Applications() {
  const model = useList({
    endpoint: "/api/v1/applications",
    schema: ApplicationList,
    rowsOf: applicationsOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("applications:write");
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<ApplicationView | null>(null);
  const [bounding, setBounding] = useState<ApplicationView | null>(null);
  const [ending, setEnding] = useState<ApplicationView | null>(null);
  const [rotating, setRotating] = useState<ApplicationView | null>(null);
  const [shown, setShown] = useState<{ id: string; name: string; secret: string } | null>(null);
  const actionsOf = (application: ApplicationView): RowAction[] => [
    { label: "Scopes and networks", icon: ShieldHalf, run: () => setBounding(application) },
    { label: "Rotate secret", icon: KeyRound, run: () => setRotating(application) },
    ...(application.previousSecretEndsAt === null
      ? []
      : [{ label: "End old secret", icon: KeySquare, danger: true, run: () => setEnding(application) }]),
    application.enabled
      ? { label: "Disable", icon: Ban, danger: true, run: () => setChanging(application) }
      : { label: "Enable", icon: UserCheck, run: () => setChanging(application) },
  ];
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add application
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Applications"
        noun={{ one: "application", many: "applications" }}
        searchLabel="Name or client ID"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(application) => ({
          first: application.name,
          second: `${application.enabled ? "" : "Disabled · "}${application.consoleRole}`,
        })}
        isDim={({ enabled }) => !enabled}
        actions={mayWrite ? add : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No applications yet",
          text: "An application reads the record through the API, or calls clusters, with tokens of its own: a SIEM, a CI pipeline, a script.",
          action: mayWrite ? add : null,
        }}
        drawer={
          model.opened ? (
            <ApplicationDrawer
              application={model.opened}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      <AddApplicationDialog
        open={adding}
        onOpenChange={setAdding}
        onDone={model.refresh}
        onSecret={setShown}
      />
      <EnableApplicationDialog
        application={changing}
        onClose={() => setChanging(null)}
        onDone={model.refresh}
      />
      <BoundApplicationDialog
        application={bounding}
        onClose={() => setBounding(null)}
        onDone={model.refresh}
      />
      <RotateSecretDialog
        application={rotating}
        onClose={() => setRotating(null)}
        onSecret={setShown}
        onDone={model.refresh}
      />
      <EndSecretDialog application={ending} onClose={() => setEnding(null)} onDone={model.refresh} />
      <SecretDialog application={shown} onClose={() => setShown(null)} />
    </>
  );
}

const applicationsOf = (answer: z.infer<typeof ApplicationList>) => answer.applications;
const idOf = ({ id }: ApplicationView) => id;
const textOf = (application: ApplicationView) =>
  [
    ...[
      application.name,
      application.id,
      application.consoleRole,
      application.enabled ? "enabled" : "disabled",
    ],
    ...[describeScopes(application), describeNetworks(application)],
  ].join(" ");
