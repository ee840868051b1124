"use client";

import type { ApiKeyView } from "../../../../lib/identity/tokens/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { BoundsFacts } from "../../../components/keys/bounds-facts.tsx";
import { Copyable } from "../../../components/list/copyable.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { Moment } from "../../../components/time/when.tsx";

/** One key: whose, what for, from where, until when. */
export function ApiKeyDrawer({
  apiKey,
  onClose,
  actions,
}: {
  apiKey: ApiKeyView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  const { owner, lastUsedFrom } = apiKey;
  return (
    <ListDrawer
      kind="API key"
      title={apiKey.name}
      onClose={onClose}
      foot={actions.map(({ label, danger, run }) => (
        <Button key={label} look={danger ? "danger-plain" : "plain"} onClick={run}>
          {label}
        </Button>
      ))}
    >
      <Section title="Key">
        <Facts>
          <Fact name="Owner">{owner.kind === "application" ? `Application ${owner.name}` : owner.name}</Fact>
          <BoundsFacts bounds={apiKey} everything="All that its owner may" />
          <Fact name="Last used">
            <Moment time={apiKey.lastUsedAt} absent="Never" />
            {lastUsedFrom === null ? null : ` from ${lastUsedFrom}`}
          </Fact>
          <Fact name="Made">
            <Moment time={apiKey.createdAt} absent="" />
            {apiKey.madeWith === null ? null : " with another key, and ends with it"}
          </Fact>
          <Fact name="Expires">
            <Moment time={apiKey.expiresAt} absent="" />
          </Fact>
          <Fact name="ID">
            <Copyable text={apiKey.id} label="Copy id" />
          </Fact>
        </Facts>
      </Section>
    </ListDrawer>
  );
}
