"use client";

import { useState } from "react";
import { DepartmentView } from "../../../../lib/access/departments/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { NameFields } from "../../../components/scopes/name-fields.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { ProjectsField } from "./projects-field.tsx";

/** Makes a department, or changes one. */
export function DepartmentDialog({
  department,
  onClose,
  onDone,
}: {
  /** null: a new one. */
  department: DepartmentView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState({
    name: department?.name ?? "",
    description: department?.description ?? "",
    projects: department?.projects.map(({ name }) => name) ?? [],
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const saved = department
      ? await sendJson(`/api/v1/departments/${department.id}`, DepartmentView, "PATCH", form)
      : await sendJson("/api/v1/departments", DepartmentView, "POST", form);
    onDone();
    showDone(department ? "Department changed" : "Department added", saved.name);
  }

  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={department ? `Edit ${department.name}` : "Add department"}
      description={
        department && department.grants > 0 ? "Its grants count for what it is then, at once." : undefined
      }
      verb={department ? "Save" : "Add department"}
      className="w-[560px]"
      fields={["name", "description", "projects"]}
      words={{ name: { empty: "Name the department." }, projects: { empty: "Choose at least one project." } }}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <NameFields form={form} set={set} errors={errors} hint="Grants, filters and the record use it." />
          <ProjectsField
            value={form.projects}
            onChange={(projects) => set({ projects: [...projects] })}
            error={errors.of("projects")}
          />
        </>
      )}
    </FormDialog>
  );
}
