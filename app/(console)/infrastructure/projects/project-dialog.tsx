"use client";

import { useState } from "react";
import { ProjectView } from "../../../../lib/access/projects/schema.ts";
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
import { PROJECT_FIELDS } from "./member-fields.ts";

/** Makes a project, or changes one. */
export function ProjectDialog({
  project,
  onClose,
  onDone,
}: {
  /** null: a new one. */
  project: ProjectView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState({
    name: project?.name ?? "",
    description: project?.description ?? "",
    members: project?.members.map((member) => draftOf(member, PROJECT_FIELDS)) ?? [
      emptyDraft(PROJECT_FIELDS),
    ],
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const body = { ...form, members: form.members.map((draft) => memberOf(draft, PROJECT_FIELDS)) };
    const saved = project
      ? await sendJson(`/api/v1/projects/${project.id}`, ProjectView, "PATCH", body)
      : await sendJson("/api/v1/projects", ProjectView, "POST", body);
    onDone();
    showDone(project ? "Project changed" : "Project added", saved.name);
  }

  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={project ? `Edit ${project.name}` : "Add project"}
      description={
        project && project.grants > 0 ? "Its grants count for what it is then, at once." : undefined
      }
      verb={project ? "Save" : "Add project"}
      className="w-[560px]"
      fields={["name", "description", ...memberFieldNames(PROJECT_FIELDS, form.members)]}
      words={{ name: { empty: "Name the project." }, ...memberFieldWords(PROJECT_FIELDS, form.members) }}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <NameFields form={form} set={set} errors={errors} hint="Grants, filters and the record use it." />
          <MembersField
            fields={PROJECT_FIELDS}
            noun="Namespaces"
            hint="Names, or patterns with *; labels as key=value. Where names and labels are given, both must hold."
            value={form.members}
            onChange={(members) => set({ members: [...members] })}
            errors={errors}
          />
        </>
      )}
    </FormDialog>
  );
}
