"use client";

import { z } from "zod";
import { ProjectView } from "../../../../lib/access/projects/schema.ts";
import { MembersDialog } from "../../../components/scopes/members-dialog.tsx";
import { memberLine } from "../../../components/scopes/members-shown.tsx";
import { ScopeList, scopeColumns } from "../../../components/scopes/scope-list.tsx";
import { PROJECT_FIELDS } from "./member-fields.ts";
import { ProjectDrawer } from "./project-drawer.tsx";

const ENDPOINT = "/api/v1/projects";
const ProjectList = z.object({ projects: z.array(ProjectView) }).transform(({ projects }) => projects);

const membersText = ({ members }: ProjectView) =>
  members.map((member) => memberLine(member, PROJECT_FIELDS)).join("; ");
const departmentsText = ({ departments }: ProjectView) => departments.map(({ name }) => name).join(", ");
const searchedText = (project: ProjectView) =>
  `${project.name} ${project.description} ${membersText(project)} ${departmentsText(project)}`;

const COLUMNS = scopeColumns<ProjectView>([
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
]);

/** Named sets of namespaces on clusters. */
export function Projects() {
  return (
    <ScopeList
      title="Projects"
      noun={{ one: "project", many: "projects" }}
      endpoint={ENDPOINT}
      schema={ProjectList}
      searchLabel="Name, cluster or namespace"
      columns={COLUMNS}
      contentsOf={membersText}
      textOf={searchedText}
      empty="A project is a named set of namespaces, on one cluster or on many. Grants and filters can name it."
      drawer={({ scope, ...shown }) => <ProjectDrawer project={scope} {...shown} />}
      dialog={(asked) => (
        <MembersDialog
          key={asked.scope?.id ?? "new"}
          {...asked}
          noun="project"
          endpoint={ENDPOINT}
          hint="Grants, filters and the record use it."
          fields={PROJECT_FIELDS}
          membersNoun="Namespaces"
          membersHint="Names, or patterns with *; labels as key=value. Where names and labels are given, both must hold."
        />
      )}
    />
  );
}
