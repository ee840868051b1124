import type { RecordingPolicy } from "../../policy/schema.ts";
import { checkDocument } from "./check-document.ts";
import { ROLE_API_VERSION, ROLE_KIND, type RoleDocument } from "./schema.ts";

/** A role as its row has it. */
export interface RoleColumns {
  name: string;
  description: string;
  rules: unknown;
  kubernetesUser: string | null;
  kubernetesGroups: string[];
  impersonateUsers: string[];
  impersonateGroups: string[];
  record: string;
  recordInput: boolean;
  auditReads: boolean | null;
  requests: unknown;
}

/** What the row of a document's role holds. */
export function columnsOf({ metadata, spec }: RoleDocument) {
  return {
    name: metadata.name,
    description: metadata.description,
    rules: spec.rules,
    kubernetesUser: spec.kubernetes.user ?? null,
    kubernetesGroups: spec.kubernetes.groups,
    impersonateUsers: spec.impersonate.users,
    impersonateGroups: spec.impersonate.groups,
    record: spec.recording.mode as RecordingPolicy,
    recordInput: spec.recording.input,
    auditReads: spec.auditReads ?? null,
    requests: spec.requests ?? null,
  };
}

/** The document of a row as it is written, not checked. */
export function documentOf(role: RoleColumns): unknown {
  return {
    apiVersion: ROLE_API_VERSION,
    kind: ROLE_KIND,
    metadata: { name: role.name, description: role.description },
    spec: {
      rules: role.rules,
      kubernetes: {
        ...(role.kubernetesUser === null ? {} : { user: role.kubernetesUser }),
        groups: role.kubernetesGroups,
      },
      impersonate: { users: role.impersonateUsers, groups: role.impersonateGroups },
      recording: { mode: role.record, input: role.recordInput },
      ...(role.auditReads === null ? {} : { auditReads: role.auditReads }),
      ...(role.requests === null ? {} : { requests: role.requests }),
    },
  };
}

/** What is stored, as a document. @throws where this version does not understand it. */
export function requireDocument(stored: unknown): RoleDocument {
  const { document, issues } = checkDocument(stored);
  if (document === null)
    throw new Error(`a stored role is not understood: ${issues.map(({ message }) => message).join("; ")}`);
  return document;
}
