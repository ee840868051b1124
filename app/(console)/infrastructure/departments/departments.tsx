"use client";

import { z } from "zod";
import { DepartmentView } from "../../../../lib/access/departments/schema.ts";
import { ScopeList, scopeColumns } from "../../../components/scopes/scope-list.tsx";
import { DepartmentDialog } from "./department-dialog.tsx";
import { DepartmentDrawer } from "./department-drawer.tsx";

const DepartmentList = z
  .object({ departments: z.array(DepartmentView) })
  .transform(({ departments }) => departments);

const projectsText = ({ projects }: DepartmentView) => projects.map(({ name }) => name).join(", ");
const searchedText = (department: DepartmentView) =>
  `${department.name} ${department.description} ${projectsText(department)}`;

const COLUMNS = scopeColumns<DepartmentView>([
  {
    id: "projects",
    label: "Projects",
    width: 220,
    flexible: true,
    title: projectsText,
    cell: projectsText,
  },
]);

/** Named sets of projects. */
export function Departments() {
  return (
    <ScopeList
      title="Departments"
      noun={{ one: "department", many: "departments" }}
      endpoint="/api/v1/departments"
      schema={DepartmentList}
      searchLabel="Name or project"
      columns={COLUMNS}
      contentsOf={projectsText}
      textOf={searchedText}
      empty="A department is a named set of projects. Grants and filters can name it."
      drawer={({ scope, ...shown }) => <DepartmentDrawer department={scope} {...shown} />}
      dialog={({ scope, ...asked }) => (
        <DepartmentDialog key={scope?.id ?? "new"} department={scope} {...asked} />
      )}
    />
  );
}
