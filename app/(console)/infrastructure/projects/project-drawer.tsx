"use client";

import Link from "next/link";
import type { ProjectView } from "../../../../lib/access/projects/schema.ts";
import { Absent, Fact } from "../../../components/audit/detail/facts.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import type { RowAction } from "../../../components/list/list-column.ts";
import { MembersShown } from "../../../components/scopes/members-shown.tsx";
import { ResolvedMembers } from "../../../components/scopes/resolved-members.tsx";
import { ScopeDrawer } from "../../../components/scopes/scope-drawer.tsx";
import { PROJECT_FIELDS } from "./member-fields.ts";

/** One project: its namespaces as written and as of today, its departments and its grants. */
export function ProjectDrawer({
  project,
  onClose,
  actions,
}: {
  project: ProjectView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  return (
    <ScopeDrawer
      kind="Project"
      scope={project}
      callsHref={requestAuditHref({ field: "project", value: project.name })}
      isNamedBy={(grant) => grant.project?.id === project.id}
      onClose={onClose}
      actions={actions}
      facts={
        <Fact name="Departments">
          {project.departments.length === 0 ? <Absent>In none</Absent> : null}
          {project.departments.map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 ? ", " : ""}
              <Link
                href={`/infrastructure/departments?open=${id}`}
                className="text-accent underline-offset-2 hover:underline"
              >
                {name}
              </Link>
            </span>
          ))}
        </Fact>
      }
    >
      <MembersShown members={project.members} fields={PROJECT_FIELDS} />
      <ResolvedMembers
        key={project.updatedAt}
        endpoint={`/api/v1/projects/${project.id}/members`}
        noun={{ many: "namespaces" }}
      />
    </ScopeDrawer>
  );
}
