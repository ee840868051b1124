"use client";

import { KeyRound, Pencil, Plus, Send, ToggleLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { WebhookResult } from "../../../../lib/webhooks/delivery/schema.ts";
import { WebhookView, WebhookWithSecret } from "../../../../lib/webhooks/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { ShownOnceDialog } from "../../../components/form/shown-once.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { sendJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { WebhookDialog } from "./webhook-dialog.tsx";

const ENDPOINT = "/api/v1/webhooks";
const WebhookList = z.object({ webhooks: z.array(WebhookView) });

const COLUMNS: readonly ListColumn<WebhookView>[] = [
  {
    id: "name",
    label: "Name",
    width: 140,
    className: "is-ink",
    sortBy: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "url",
    label: "Address",
    width: 220,
    flexible: true,
    title: ({ url }) => url,
    cell: ({ url }) => <span className="identifier">{url}</span>,
  },
  {
    id: "types",
    label: "Told of",
    width: 170,
    from: 900,
    title: ({ types }) => types.join(", ") || undefined,
    cell: ({ types }) => types.join(", ") || "Everything",
  },
  { id: "waiting", label: "Waiting", width: 80, from: 1000, cell: ({ waiting }) => waiting },
  {
    id: "last",
    label: "Last attempt",
    width: 220,
    title: ({ last }) => last?.error ?? undefined,
    cell: (webhook) => <LastAttempt webhook={webhook} />,
  },
];

function LastAttempt({ webhook: { enabled, last } }: { webhook: WebhookView }) {
  if (!enabled) return <span className="faint">Switched off</span>;
  if (!last) return <span className="faint">None yet</span>;
  return (
    <>
      <span className={last.error ? "text-fail" : "text-ok"}>{last.error ?? `Taken (${last.status})`}</span>{" "}
      <span className="text-fg-3">
        <When time={last.at} absent="" />
      </span>
    </>
  );
}

/** Where others are told of requests for access. */
export function Webhooks() {
  const model = useList({
    endpoint: ENDPOINT,
    schema: WebhookList,
    rowsOf: webhooksOf,
    keyOf: ({ id }) => id,
    textOf: ({ name, url }) => `${name} ${url}`,
  });
  const mayWrite = useViewer().permissions.includes("settings:write");
  const [editing, setEditing] = useState<WebhookView | "new" | null>(null);
  const [deleting, setDeleting] = useState<WebhookView | null>(null);
  const [rotating, setRotating] = useState<WebhookView | null>(null);
  const [made, setMade] = useState<WebhookWithSecret | null>(null);

  async function attempt(what: string, run: () => Promise<void>) {
    try {
      await run();
    } catch (error) {
      showFailure(what, error instanceof Error ? error.message : "");
    }
    model.refresh();
  }
  const test = (webhook: WebhookView) =>
    attempt("The test was not sent", async () => {
      const result = await sendJson(`${ENDPOINT}/${webhook.id}/test`, WebhookResult, "POST");
      if (result.error === null) showDone("Test taken", `${webhook.name} answered ${result.status}`);
      else showFailure("Test not taken", `${webhook.name}: ${result.error}`);
    });
  const setEnabled = (webhook: WebhookView) =>
    attempt("The webhook was not changed", async () => {
      await sendJson(`${ENDPOINT}/${webhook.id}`, WebhookView, "PATCH", { enabled: !webhook.enabled });
      showDone(webhook.enabled ? "Webhook switched off" : "Webhook switched on", webhook.name);
    });
  const remove = (webhook: WebhookView) =>
    attempt("The webhook was not removed", async () => {
      await sendJson(`${ENDPOINT}/${webhook.id}`, z.unknown(), "DELETE");
      showDone("Webhook removed", webhook.name);
    });
  const rotate = (webhook: WebhookView) =>
    attempt("The secret was not changed", async () => {
      setMade(await sendJson(`${ENDPOINT}/${webhook.id}/secret`, WebhookWithSecret, "POST"));
    });
  const actionsOf = (webhook: WebhookView): RowAction[] => [
    { label: "Send a test", icon: Send, run: () => void test(webhook) },
    { label: "Change…", icon: Pencil, run: () => setEditing(webhook) },
    {
      label: webhook.enabled ? "Switch off" : "Switch on",
      icon: ToggleLeft,
      run: () => void setEnabled(webhook),
    },
    { label: "Another secret…", icon: KeyRound, run: () => setRotating(webhook) },
    { label: "Remove…", icon: Trash2, danger: true, run: () => setDeleting(webhook) },
  ];
  const add = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add webhook
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Webhooks"
        noun={{ one: "webhook", many: "webhooks" }}
        searchLabel="Name or address"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(webhook) => ({ first: webhook.name, second: <LastAttempt webhook={webhook} /> })}
        isDim={({ enabled }) => !enabled}
        actions={mayWrite ? add : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        empty={{
          title: "Nobody is told yet",
          text: "A webhook tells another program of requests for access and of break-glass, as they happen: a signed message over HTTPS.",
          action: mayWrite ? add : null,
        }}
      />
      <WebhookDialog
        key={editing === null || editing === "new" ? editing : editing.id}
        webhook={editing}
        onClose={() => setEditing(null)}
        onMade={setMade}
        onDone={model.refresh}
      />
      <ShownOnceDialog
        open={made !== null}
        onClose={() => setMade(null)}
        title={`Secret of ${made?.name ?? ""}`}
        kept="it sealed"
        values={[{ label: "Secret", text: made?.secret ?? "" }]}
      />
      <ConfirmDialog
        open={rotating !== null}
        onOpenChange={(open) => !open && setRotating(null)}
        title="Make another secret?"
        verb="Make another secret"
        keep="Keep secret"
        onConfirm={() => (rotating === null ? undefined : rotate(rotating))}
      >
        {rotating?.name} refuses what is sent from now on until it knows the new one. Messages that it refuses
        are sent again for three days.
      </ConfirmDialog>
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title="Remove this webhook?"
        verb="Remove"
        keep="Keep webhook"
        onConfirm={() => (deleting === null ? undefined : remove(deleting))}
      >
        {deleting?.name} is told nothing any more; {deleting?.waiting ?? 0} waiting messages are dropped.
      </ConfirmDialog>
    </>
  );
}

const webhooksOf = (answer: z.infer<typeof WebhookList>) => answer.webhooks;
