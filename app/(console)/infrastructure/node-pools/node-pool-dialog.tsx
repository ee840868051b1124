"use client";

import { useState } from "react";
import { NodePoolView } from "../../../../lib/access/node-pools/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { draftOf, emptyDraft, memberOf } from "../../../components/scopes/member-draft.ts";
import {
  MembersField,
  memberFieldNames,
  memberFieldWords,
} from "../../../components/scopes/members-field.tsx";
import { NameFields } from "../../../components/scopes/name-fields.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { NODE_POOL_FIELDS } from "./member-fields.ts";

/** Makes a node pool, or changes one. */
export function NodePoolDialog({
  nodePool,
  onClose,
  onDone,
}: {
  /** null: a new one. */
  nodePool: NodePoolView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState({
    name: nodePool?.name ?? "",
    description: nodePool?.description ?? "",
    members: nodePool?.members.map((member) => draftOf(member, NODE_POOL_FIELDS)) ?? [
      emptyDraft(NODE_POOL_FIELDS),
    ],
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const body = { ...form, members: form.members.map((draft) => memberOf(draft, NODE_POOL_FIELDS)) };
    const saved = nodePool
      ? await sendJson(`/api/v1/node-pools/${nodePool.id}`, NodePoolView, "PATCH", body)
      : await sendJson("/api/v1/node-pools", NodePoolView, "POST", body);
    onDone();
    showDone(nodePool ? "Node pool changed" : "Node pool added", saved.name);
  }

  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={nodePool ? `Edit ${nodePool.name}` : "Add node pool"}
      description={
        nodePool && nodePool.grants > 0 ? "Its grants count for what it is then, at once." : undefined
      }
      verb={nodePool ? "Save" : "Add node pool"}
      className="w-[560px]"
      fields={["name", "description", ...memberFieldNames(NODE_POOL_FIELDS, form.members)]}
      words={{ name: { empty: "Name the node pool." }, ...memberFieldWords(NODE_POOL_FIELDS, form.members) }}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <NameFields form={form} set={set} errors={errors} hint="Grants use it." />
          <MembersField
            fields={NODE_POOL_FIELDS}
            noun="Nodes"
            hint="Clusters by name, pattern or label; nodes by labels as key=value, which must all hold."
            value={form.members}
            onChange={(members) => set({ members: [...members] })}
            errors={errors}
          />
        </>
      )}
    </FormDialog>
  );
}
