"use client";

import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { DepartmentView } from "../../../../lib/access/departments/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { DeleteScopeDialog } from "../../../components/scopes/delete-scope-dialog.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { DepartmentDialog } from "./department-dialog.tsx";
import { DepartmentDrawer } from "./department-drawer.tsx";

const DepartmentList = z.object({ departments: z.array(DepartmentView) });

const projectsText = ({ projects }: DepartmentView) => projects.map(({ name }) => name).join(", ");

const COLUMNS: readonly ListColumn<DepartmentView>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 160,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "projects",
    label: "Projects",
    width: 220,
    flexible: true,
    title: projectsText,
    cell: (department) => projectsText(department),
  },
  {
    id: "grants",
    label: "Grants",
    sortBy: ({ grants }) => grants,
    width: 70,
    align: "end",
    cell: ({ grants }) => grants,
  },
  {
    id: "updated",
    label: "Changed",
    sortBy: ({ updatedAt }) => updatedAt,
    width: 110,
    from: 900,
    cell: ({ updatedAt }) => <When time={updatedAt} absent="" />,
  },
];

/** Named sets of projects. */
export function Departments() {
  const model = useList({
    endpoint: "/api/v1/departments?limit=1000",
    schema: DepartmentList,
    rowsOf: departmentsOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("projects:write");
  const [form, setForm] = useState<{ department: DepartmentView | null } | null>(null);
  const [deleting, setDeleting] = useState<DepartmentView | null>(null);
  const actionsOf = (department: DepartmentView): RowAction[] => [
    { label: "Edit", icon: Pencil, run: () => setForm({ department }) },
    { label: "Delete", icon: Trash2, danger: true, run: () => setDeleting(department) },
  ];
  const add = mayWrite ? (
    <Button look="primary" onClick={() => setForm({ department: null })}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add department
    </Button>
  ) : null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title="Departments"
        noun={{ one: "department", many: "departments" }}
        searchLabel="Name or project"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(department) => ({ first: department.name, second: projectsText(department) })}
        actions={add}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No departments yet",
          text: "A department is a named set of projects. Grants and filters can name it.",
          action: add,
        }}
        drawer={
          model.opened ? (
            <DepartmentDrawer
              department={model.opened}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      {form ? (
        <DepartmentDialog
          key={form.department?.id ?? "new"}
          department={form.department}
          onClose={() => setForm(null)}
          onDone={model.refresh}
        />
      ) : null}
      <DeleteScopeDialog
        scope={deleting}
        noun="department"
        endpoint="/api/v1/departments"
        onClose={() => setDeleting(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const departmentsOf = (answer: z.infer<typeof DepartmentList>) => answer.departments;
const idOf = ({ id }: DepartmentView) => id;
const textOf = (department: DepartmentView) =>
  `${department.name} ${department.description} ${projectsText(department)}`;
