"use client";

import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ProjectView } from "../../../../lib/access/projects/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { DeleteScopeDialog } from "../../../components/scopes/delete-scope-dialog.tsx";
import { memberLine } from "../../../components/scopes/members-shown.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { PROJECT_FIELDS } from "./member-fields.ts";
import { ProjectDialog } from "./project-dialog.tsx";
import { ProjectDrawer } from "./project-drawer.tsx";

const ProjectList = z.object({ projects: z.array(ProjectView) });

const membersText = ({ members }: ProjectView) =>
  members.map((member) => memberLine(member, PROJECT_FIELDS)).join("; ");
const departmentsText = ({ departments }: ProjectView) => departments.map(({ name }) => name).join(", ");

const COLUMNS: readonly ListColumn<ProjectView>[] = [
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
    id: "members",
    label: "Clusters and namespaces",
    width: 220,
    flexible: true,
    title: membersText,
    cell: (project) => <span className="identifier">{membersText(project)}</span>,
  },
  {
    id: "departments",
    label: "Departments",
    sortBy: (project) => departmentsText(project) || null,
    width: 150,
    from: 820,
    title: departmentsText,
    cell: departmentsText,
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

/** Named sets of namespaces on clusters. */
export function Projects() {
  const model = useList({
    endpoint: "/api/v1/projects?limit=1000",
    schema: ProjectList,
    rowsOf: projectsOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("projects:write");
  const [form, setForm] = useState<{ project: ProjectView | null } | null>(null);
  const [deleting, setDeleting] = useState<ProjectView | null>(null);
  const actionsOf = (project: ProjectView): RowAction[] => [
    { label: "Edit", icon: Pencil, run: () => setForm({ project }) },
    { label: "Delete", icon: Trash2, danger: true, run: () => setDeleting(project) },
  ];
  const add = mayWrite ? (
    <Button look="primary" onClick={() => setForm({ project: null })}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add project
    </Button>
  ) : null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title="Projects"
        noun={{ one: "project", many: "projects" }}
        searchLabel="Name, cluster or namespace"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(project) => ({ first: project.name, second: membersText(project) })}
        actions={add}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No projects yet",
          text: "A project is a named set of namespaces, on one cluster or on many. Grants and filters can name it.",
          action: add,
        }}
        drawer={
          model.opened ? (
            <ProjectDrawer
              project={model.opened}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      {form ? (
        <ProjectDialog
          key={form.project?.id ?? "new"}
          project={form.project}
          onClose={() => setForm(null)}
          onDone={model.refresh}
        />
      ) : null}
      <DeleteScopeDialog
        scope={deleting}
        noun="project"
        endpoint="/api/v1/projects"
        onClose={() => setDeleting(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const projectsOf = (answer: z.infer<typeof ProjectList>) => answer.projects;
const idOf = ({ id }: ProjectView) => id;
const textOf = (project: ProjectView) =>
  `${project.name} ${project.description} ${membersText(project)} ${departmentsText(project)}`;
