"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { StreamList, type StreamView, type StreamWithSecrets } from "../../../../lib/streams/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ShownOnceDialog } from "../../../components/form/shown-once.tsx";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { COLUMNS } from "./columns.tsx";
import { StreamDialog } from "./form/stream-dialog.tsx";
import { KindsSummary } from "./kinds-summary.tsx";
import { StreamDrawer } from "./stream-drawer.tsx";
import { StreamStateMark } from "./stream-state.tsx";
import { addressOf, kindTitle, lagText, surfacesText } from "./stream-words.ts";
import { useStreamActions } from "./use-stream-actions.tsx";

const ENDPOINT = "/api/v1/streams";
const REFRESH_MS = 2_000;

/** Where the record is sent on to: how each stream does, and what can be done with it. */
export function Streams() {
  const model = useList({
    endpoint: ENDPOINT,
    schema: StreamList,
    rowsOf: streamsOf,
    keyOf: ({ id }) => id,
    textOf: (stream) =>
      [stream.name, kindTitle(stream.kind), addressOf(stream), surfacesText(stream.surfaces)].join(" "),
    refreshMs: REFRESH_MS,
  });
  const mayWrite = useViewer().permissions.includes("streams:write");
  const [editing, setEditing] = useState<StreamView | "new" | null>(null);
  const [made, setMade] = useState<StreamWithSecrets | null>(null);
  const { actionsOf, dialogs } = useStreamActions({
    refresh: model.refresh,
    onChange: setEditing,
    onRemoved: () => model.open(null),
  });
  const add = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add stream
    </Button>
  );
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="Streams"
        noun={{ one: "stream", many: "streams" }}
        searchLabel="Name, kind or address"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(stream) => ({
          first: stream.name,
          second: (
            <>
              <StreamStateMark stream={stream} /> · {lagText(stream.lag)} · {kindTitle(stream.kind)}
            </>
          ),
        })}
        isDim={({ state }) => state === "paused"}
        actions={mayWrite ? add : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "The record stays here",
          text: <KindsSummary />,
          action: mayWrite ? add : null,
        }}
        drawer={
          model.opened ? (
            <StreamDrawer
              key={model.opened.id}
              stream={model.opened}
              mayWrite={mayWrite}
              actions={mayWrite ? actionsOf(model.opened) : []}
              refresh={model.refresh}
              onClose={() => model.open(null)}
            />
          ) : null
        }
      />
      <StreamDialog
        key={editing === null || editing === "new" ? String(editing) : editing.id}
        stream={editing}
        onClose={() => setEditing(null)}
        onMade={(stream) => {
          if (Object.keys(stream.madeSecrets).length > 0) setMade(stream);
        }}
        onDone={model.refresh}
      />
      <ShownOnceDialog
        open={made !== null}
        onClose={() => setMade(null)}
        title={`Secrets of ${made?.name ?? ""}`}
        kept="them sealed"
        values={Object.entries(made?.madeSecrets ?? {}).map(([label, text]) => ({
          label: SECRET_WORDS[label] ?? label,
          text,
        }))}
      >
        {made?.kind === "webhook" ? (
          <p className="text-fg-2">The receiver checks with it that what comes is of this installation.</p>
        ) : null}
      </ShownOnceDialog>
      {dialogs}
    </>
  );
}

const SECRET_WORDS: Readonly<Record<string, string>> = { signingSecret: "Signing secret" };
const streamsOf = (answer: { streams: StreamView[] }) => answer.streams;
