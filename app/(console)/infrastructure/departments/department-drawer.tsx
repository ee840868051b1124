"use client";

import Link from "next/link";
import type { DepartmentView } from "../../../../lib/access/departments/schema.ts";
import { Section } from "../../../components/audit/detail/facts.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ResolvedMembers } from "../../../components/scopes/resolved-members.tsx";
import { ScopeDrawer } from "../../../components/scopes/scope-drawer.tsx";

/** One department: its projects, what they mean today, and its grants. */
export function DepartmentDrawer({
  department,
  onClose,
  actions,
}: {
  department: DepartmentView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  return (
    <ScopeDrawer
      kind="Department"
      scope={department}
      callsHref={requestAuditHref({ field: "department", value: department.name })}
      isNamedBy={(grant) => grant.department?.id === department.id}
      onClose={onClose}
      actions={actions}
    >
      <Section title="Projects">
        <ul className="nearby">
          {department.projects.map(({ id, name }) => (
            <li key={id}>
              <Link prefetch={false} href={`/infrastructure/projects?open=${id}`}>
                <span className="cut flex-1">{name}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Section>
      <ResolvedMembers
        key={department.updatedAt}
        endpoint={`/api/v1/departments/${department.id}/members`}
        noun={{ many: "namespaces" }}
      />
    </ScopeDrawer>
  );
}
