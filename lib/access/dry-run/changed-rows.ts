import type { GrantRow } from "../policy/compile.ts";
import type { RoleDocument } from "../roles/document/schema.ts";

/** The grants with what the document says of the role. */
export function changeRows(
  rows: readonly GrantRow[],
  { roleId, document }: { roleId: string; document: RoleDocument },
): GrantRow[] {
  return rows.map((row) => (row.role.id === roleId ? { ...row, role: roleOf(roleId, document) } : row));
}

function roleOf(id: string, { metadata, spec }: RoleDocument): GrantRow["role"] {
  const { kubernetes, impersonate, recording } = spec;
  return {
    id,
    name: metadata.name,
    rules: spec.rules,
    kubernetesUser: kubernetes.user ?? null,
    kubernetesGroups: kubernetes.groups,
    impersonateUsers: impersonate.users,
    impersonateGroups: impersonate.groups,
    recording: { record: recording.mode, recordInput: recording.input },
    auditReads: spec.auditReads ?? null,
  };
}
