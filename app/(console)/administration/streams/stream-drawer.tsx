"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { StreamView } from "../../../../lib/streams/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { RowMenu } from "../../../components/list/row-menu.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { StreamProgress } from "./stream-progress.tsx";
import { StreamSettings } from "./stream-settings.tsx";
import { addressOf, kindTitle } from "./stream-words.ts";

/** So many of the actions have a button; the others are in its menu. */
const SHOWN = 3;
const TABS = ["progress", "dead-letters", "settings"] as const;

/** One stream: how it does, what its receiver refused, what it is set to. */
export function StreamDrawer({
  stream,
  mayWrite,
  actions,
  refresh,
  onClose,
}: {
  stream: StreamView;
  mayWrite: boolean;
  actions: readonly RowAction[];
  refresh: () => void;
  onClose: () => void;
}) {
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("progress"));
  const { deadLetters } = stream;
  const options = [
    { value: "progress", label: "Progress" },
    {
      value: "dead-letters",
      label: deadLetters === 0 ? "Dead letters" : `Dead letters (${formatNumber(deadLetters)})`,
    },
    { value: "settings", label: "Settings" },
  ] as const;
  return (
    <ListDrawer
      kind="Stream"
      title={stream.name}
      subtitle={[kindTitle(stream.kind), addressOf(stream)].filter(Boolean).join(" · ")}
      onClose={onClose}
      foot={
        actions.length === 0 ? null : (
          <>
            {actions.slice(0, SHOWN).map(({ label, run }) => (
              <Button key={label} onClick={run}>
                {label}
              </Button>
            ))}
            <span className="ml-auto">
              <RowMenu name={stream.name} actions={actions.slice(SHOWN)} />
            </span>
          </>
        )
      }
    >
      <div className="mx-5 mb-3">
        <Segmented
          label="Of the stream"
          value={tab}
          onValueChange={(next) => void setTab(next)}
          options={options}
        />
      </div>
      {tab === "progress" ? <StreamProgress stream={stream} mayWrite={mayWrite} refresh={refresh} /> : null}
      {tab === "dead-letters" ? <DeadLetters stream={stream} mayWrite={mayWrite} refresh={refresh} /> : null}
      {tab === "settings" ? <StreamSettings stream={stream} /> : null}
    </ListDrawer>
  );
}
