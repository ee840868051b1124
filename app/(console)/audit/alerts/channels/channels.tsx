"use client";

import { Pencil, Plus, Send, ToggleLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ChannelView, type MadeChannel, SendResult } from "../../../../../lib/alerts/channels/schema.ts";
import { Button } from "../../../../components/button.tsx";
import { ConfirmDialog } from "../../../../components/confirm-dialog.tsx";
import { ShownOnceDialog } from "../../../../components/form/shown-once.tsx";
import type { ListColumn, RowAction } from "../../../../components/list/list-column.ts";
import { ListPage } from "../../../../components/list/list-page.tsx";
import { useList } from "../../../../components/list/use-list.ts";
import { sendJson } from "../../../../components/request-json.ts";
import { useViewer } from "../../../../components/shell/viewer.tsx";
import { When } from "../../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../../components/toaster.tsx";
import { ChannelDialog } from "./channel-dialog.tsx";
import { destinationOf, KIND_LABELS } from "./channel-words.ts";

const ENDPOINT = "/api/v1/alert-channels";
const ChannelList = z.object({ channels: z.array(ChannelView) });

const COLUMNS: readonly ListColumn<ChannelView>[] = [
  {
    id: "name",
    label: "Name",
    width: 160,
    className: "is-ink",
    sortBy: ({ name }) => name,
    cell: ({ name }) => name,
  },
  { id: "kind", label: "Kind", width: 110, cell: ({ to }) => KIND_LABELS[to.kind] },
  {
    id: "to",
    label: "To",
    width: 240,
    flexible: true,
    title: destinationOf,
    cell: (channel) => <span className="identifier">{destinationOf(channel)}</span>,
  },
  { id: "waiting", label: "Waiting", width: 80, from: 1000, cell: ({ waiting }) => waiting },
  {
    id: "last",
    label: "Last attempt",
    width: 220,
    title: ({ last }) => last?.error ?? undefined,
    cell: (channel) => <LastAttempt channel={channel} />,
  },
];

function LastAttempt({ channel: { enabled, last } }: { channel: ChannelView }) {
  if (!enabled) return <span className="faint">Switched off</span>;
  if (!last) return <span className="faint">None yet</span>;
  return (
    <>
      <span className={last.error ? "text-fail" : "text-ok"}>{last.error ?? "Taken"}</span>{" "}
      <span className="text-fg-3">
        <When time={last.at} absent="" />
      </span>
    </>
  );
}

/** Where alerts are told. */
export function Channels() {
  const model = useList({
    endpoint: ENDPOINT,
    schema: ChannelList,
    rowsOf: channelsOf,
    keyOf: ({ id }) => id,
    textOf: (channel) => `${channel.name} ${destinationOf(channel)}`,
  });
  const mayWrite = useViewer().permissions.includes("alerts:write");
  const [editing, setEditing] = useState<ChannelView | "new" | null>(null);
  const [deleting, setDeleting] = useState<ChannelView | null>(null);
  const [made, setMade] = useState<MadeChannel | null>(null);

  async function attempt(what: string, run: () => Promise<void>) {
    try {
      await run();
    } catch (error) {
      showFailure(what, error instanceof Error ? error.message : "");
    }
    model.refresh();
  }
  const test = (channel: ChannelView) =>
    attempt("The test was not sent", async () => {
      const { error } = await sendJson(`${ENDPOINT}/${channel.id}/test`, SendResult, "POST");
      if (error === null) showDone("Test taken", channel.name);
      else showFailure("Test not taken", `${channel.name}: ${error}`);
    });
  const setEnabled = (channel: ChannelView) =>
    attempt("The channel was not changed", async () => {
      await sendJson(`${ENDPOINT}/${channel.id}`, ChannelView, "PATCH", { enabled: !channel.enabled });
      showDone(channel.enabled ? "Channel switched off" : "Channel switched on", channel.name);
    });
  const remove = (channel: ChannelView) =>
    attempt("The channel was not removed", async () => {
      await sendJson(`${ENDPOINT}/${channel.id}`, z.unknown(), "DELETE");
      showDone("Channel removed", channel.name);
    });
  const actionsOf = (channel: ChannelView): RowAction[] => [
    { label: "Try it", icon: Send, run: () => void test(channel) },
    { label: "Change…", icon: Pencil, run: () => setEditing(channel) },
    {
      label: channel.enabled ? "Switch off" : "Switch on",
      icon: ToggleLeft,
      run: () => void setEnabled(channel),
    },
    { label: "Remove…", icon: Trash2, danger: true, run: () => setDeleting(channel) },
  ];
  const add = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add channel
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Audit", "Alerts"]}
        title="Channels"
        noun={{ one: "channel", many: "channels" }}
        searchLabel="Name or address"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(channel) => ({ first: channel.name, second: <LastAttempt channel={channel} /> })}
        isDim={({ enabled }) => !enabled}
        actions={mayWrite ? add : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        empty={{
          title: "There is no channel yet",
          text: "A channel is where alerts are told: a signed webhook, e-mail, or a chat that takes Slack's incoming webhooks.",
          action: mayWrite ? add : null,
        }}
      />
      <ChannelDialog
        key={editing === null || editing === "new" ? editing : editing.id}
        channel={editing}
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
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title="Remove this channel?"
        verb="Remove"
        keep="Keep channel"
        onConfirm={() => (deleting === null ? undefined : remove(deleting))}
      >
        “{deleting?.name}” is told nothing any more; {deleting?.waiting ?? 0} waiting messages are dropped.
        Alerts that tell nobody else go on in their history alone.
      </ConfirmDialog>
    </>
  );
}

const channelsOf = (answer: z.infer<typeof ChannelList>) => answer.channels;
