"use client";

import { Ban, Pencil, Plus, Trash2, UserCheck } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { EnableProviderDialog } from "./enable-provider-dialog.tsx";
import { KINDS } from "./kinds.ts";
import { ProviderDialog } from "./provider-dialog.tsx";
import { ProviderDrawer } from "./provider-drawer.tsx";
import { ProviderStatus } from "./provider-status.tsx";
import { RemoveProviderDialog } from "./remove-provider-dialog.tsx";

const ProviderList = z.object({ providers: z.array(ProviderView) });

const COLUMNS: readonly ListColumn<ProviderView>[] = [
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
    width: 120,
    cell: (provider) => <ProviderStatus provider={provider} />,
  },
  {
    id: "kind",
    label: "Kind",
    sortBy: ({ kind }) => KINDS[kind],
    width: 130,
    cell: ({ kind }) => KINDS[kind],
  },
  {
    id: "issuer",
    label: "Issuer",
    sortBy: ({ issuer }) => issuer,
    width: 280,
    from: 900,
    title: ({ issuer }) => issuer,
    cell: ({ issuer }) => <span className="identifier is-dim">{issuer}</span>,
  },
  {
    id: "people",
    label: "People",
    sortBy: ({ people }) => people,
    width: 80,
    from: 700,
    cell: ({ people }) => people,
  },
  {
    id: "source",
    label: "Set in",
    sortBy: ({ source }) => source,
    width: 120,
    from: 700,
    cell: ({ source }) => (source === "console" ? "Console" : "Configuration"),
  },
];

/** The ways to sign in that are elsewhere: those of the configuration, which are fixed here, and those that are kept in the console. */
export function Providers() {
  const model = useList({
    endpoint: "/api/v1/providers",
    schema: ProviderList,
    rowsOf: providersOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("settings:write");
  const [editing, setEditing] = useState<ProviderView | "new" | null>(null);
  const [changing, setChanging] = useState<ProviderView | null>(null);
  const [removing, setRemoving] = useState<ProviderView | null>(null);
  const actionsOf = (provider: ProviderView): RowAction[] =>
    provider.source === "configuration"
      ? []
      : [
          { label: "Change", icon: Pencil, run: () => setEditing(provider) },
          provider.enabled
            ? { label: "Disable", icon: Ban, run: () => setChanging(provider) }
            : { label: "Enable", icon: UserCheck, run: () => setChanging(provider) },
          { label: "Remove", icon: Trash2, danger: true, run: () => setRemoving(provider) },
        ];
  const add = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add provider
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Providers"
        noun={{ one: "provider", many: "providers" }}
        searchLabel="Name, id or issuer"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={({ name, kind, enabled, source }) => ({
          first: name,
          second: `${enabled ? "" : "Disabled · "}${KINDS[kind]} · ${source}`,
        })}
        isDim={({ enabled }) => !enabled}
        actions={mayWrite ? add : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No identity providers",
          text: "With an identity provider people sign in as they do elsewhere in your company, by OpenID Connect or SAML.",
          action: mayWrite ? add : null,
        }}
        drawer={
          model.opened ? (
            <ProviderDrawer
              key={model.opened.id}
              provider={model.opened}
              mayTest={mayWrite}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      <ProviderDialog
        key={editing === null || editing === "new" ? String(editing) : editing.id}
        provider={editing}
        onClose={() => setEditing(null)}
        onDone={model.refresh}
      />
      <EnableProviderDialog provider={changing} onClose={() => setChanging(null)} onDone={model.refresh} />
      <RemoveProviderDialog
        provider={removing}
        onClose={() => setRemoving(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const providersOf = (answer: z.infer<typeof ProviderList>) => answer.providers;
const idOf = ({ id }: ProviderView) => id;
const textOf = ({ id, name, kind, issuer, source, enabled }: ProviderView) =>
  [id, name, KINDS[kind], issuer, source, enabled ? "enabled" : "disabled"].join(" ");
