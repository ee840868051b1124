"use client";

import { useState } from "react";
import { AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";

/** Changes an agent's name and tags. */
export function AgentDialog({
  agent,
  onClose,
  onDone,
}: {
  agent: AgentView;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState({ name: agent.name, tags: agent.tags.join(", ") });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const tags = form.tags.split(/[\s,]+/).filter(Boolean);
    const isRetagged = tags.join() !== agent.tags.join();
    const body = { name: form.name.trim(), ...(isRetagged && { tags }) };
    await sendJson(`/api/v1/agents/${agent.id}`, AgentView, "PATCH", body);
    onDone();
    showDone("Agent changed", form.name);
  }
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Name and tags of ${agent.name}`}
      verb="Save"
      fields={["name", "tags"]}
      draft={form}
      words={{ name: { empty: "Give it a name." } }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="agent-name"
            label="Name"
            autoComplete="off"
            spellCheck={false}
            hint="It stands in the record of each call from now on."
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <InputField
            id="agent-tags"
            label="Tags"
            autoComplete="off"
            spellCheck={false}
            placeholder="eu, fast"
            hint="Clusters choose agents by them. Once changed here, what the agent says of its tags counts no more."
            value={form.tags}
            onChange={(event) => set({ tags: event.target.value })}
            error={errors.of("tags")}
          />
        </>
      )}
    </FormDialog>
  );
}
