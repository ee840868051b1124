"use client";

import { Bell, Pencil, Plus, ToggleLeft, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { z } from "zod";
import { AlertView } from "../../../../lib/alerts/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { sendJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { AlertDialog } from "./alert-dialog.tsx";
import { AlertDrawer } from "./alert-drawer.tsx";
import { describeRule, SURFACE_LABELS } from "./alert-words.ts";
import { useWantedAlert } from "./use-wanted-alert.ts";

const ENDPOINT = "/api/v1/alerts";
const AlertList = z.object({ alerts: z.array(AlertView) });

const COLUMNS: readonly ListColumn<AlertView>[] = [
  {
    id: "name",
    label: "Name",
    width: 200,
    className: "is-ink",
    sortBy: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "filter",
    label: "Matches",
    width: 260,
    flexible: true,
    title: ({ filter }) => filter || undefined,
    cell: ({ surface, filter }) => (
      <>
        {SURFACE_LABELS[surface]} <span className="identifier">{filter || "everything"}</span>
      </>
    ),
  },
  { id: "rule", label: "Fires", width: 160, cell: describeRule },
  {
    id: "channels",
    label: "Tells",
    width: 150,
    from: 900,
    cell: ({ channels }) =>
      channels.length === 0 ? (
        <span className="faint">Nobody</span>
      ) : (
        channels.map(({ name }) => name).join(", ")
      ),
  },
  { id: "fired", label: "Fired last", width: 150, cell: (alert) => <FiredLast alert={alert} /> },
];

function FiredLast({ alert: { enabled, problem, firedAt } }: { alert: AlertView }) {
  if (!enabled) return <span className="faint">Switched off</span>;
  if (problem) return <span className="text-fail">Cannot be evaluated</span>;
  return <When time={firedAt} absent="Never" />;
}

/** Who is told when something is on the record. */
export function Alerts() {
  const model = useList({
    endpoint: ENDPOINT,
    schema: AlertList,
    rowsOf: alertsOf,
    keyOf: ({ id }) => id,
    textOf: ({ name, filter }) => `${name} ${filter}`,
  });
  const mayWrite = useViewer().permissions.includes("alerts:write");
  const { wanted, forget } = useWantedAlert();
  const [editing, setEditing] = useState<AlertView | "new" | null>(wanted === null ? null : "new");
  const [deleting, setDeleting] = useState<AlertView | null>(null);

  async function attempt(what: string, run: () => Promise<void>) {
    try {
      await run();
    } catch (error) {
      showFailure(what, error instanceof Error ? error.message : "");
    }
    model.refresh();
  }
  const setEnabled = (alert: AlertView) =>
    attempt("The alert was not changed", async () => {
      await sendJson(`${ENDPOINT}/${alert.id}`, AlertView, "PATCH", { enabled: !alert.enabled });
      showDone(alert.enabled ? "Alert switched off" : "Alert switched on", alert.name);
    });
  const remove = (alert: AlertView) =>
    attempt("The alert was not deleted", async () => {
      await sendJson(`${ENDPOINT}/${alert.id}`, z.unknown(), "DELETE");
      model.open(null);
      showDone("Alert deleted", alert.name);
    });
  const actionsOf = (alert: AlertView): RowAction[] => [
    { label: "Change…", icon: Pencil, run: () => setEditing(alert) },
    {
      label: alert.enabled ? "Switch off" : "Switch on",
      icon: ToggleLeft,
      run: () => void setEnabled(alert),
    },
    { label: "Delete…", icon: Trash2, danger: true, run: () => setDeleting(alert) },
  ];
  const add = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add alert
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Audit"]}
        title="Alerts"
        noun={{ one: "alert", many: "alerts" }}
        searchLabel="Name or filter"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(alert) => ({ first: alert.name, second: <FiredLast alert={alert} /> })}
        isDim={({ enabled }) => !enabled}
        actions={
          <>
            <Button asChild>
              <Link href="/audit/alerts/channels">
                <Bell aria-hidden />
                Channels
              </Link>
            </Button>
            {mayWrite ? add : null}
          </>
        }
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        drawer={model.opened ? <AlertDrawer alert={model.opened} onClose={() => model.open(null)} /> : null}
        empty={{
          title: "Nobody is told yet",
          text: "An alert tells somebody when a filter of the record matches: that a secret was read, that much was denied within minutes, that break-glass was used.",
          action: mayWrite ? add : null,
        }}
      />
      <AlertDialog
        key={editing === null || editing === "new" ? editing : editing.id}
        alert={editing}
        wanted={wanted}
        onClose={() => {
          setEditing(null);
          forget();
        }}
        onDone={model.refresh}
      />
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title="Delete this alert?"
        verb="Delete"
        keep="Keep alert"
        onConfirm={() => (deleting === null ? undefined : remove(deleting))}
      >
        “{deleting?.name}” tells nobody any more, and its history goes with it. Event History keeps when it
        fired.
      </ConfirmDialog>
    </>
  );
}

const alertsOf = (answer: z.infer<typeof AlertList>) => answer.alerts;
