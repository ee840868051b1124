"use client";

import { useState } from "react";
import type { DepartmentView } from "../../../../lib/access/departments/schema.ts";
import { ScopeDialog } from "../../../components/scopes/scope-dialog.tsx";
import { ProjectsField } from "./projects-field.tsx";

/** Adds a department, or changes one. */
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
  const [projects, setProjects] = useState<readonly string[]>(
    department?.projects.map(({ name }) => name) ?? [],
  );
  return (
    <ScopeDialog
      scope={department}
      noun="department"
      endpoint="/api/v1/departments"
      hint="Grants, filters and the record use it."
      contents={{ projects }}
      fields={["projects"]}
      words={{ projects: { empty: "Choose at least one project." } }}
      bodyOf={() => ({ projects })}
      onClose={onClose}
      onDone={onDone}
    >
      {(errors) => <ProjectsField value={projects} onChange={setProjects} error={errors.of("projects")} />}
    </ScopeDialog>
  );
}
