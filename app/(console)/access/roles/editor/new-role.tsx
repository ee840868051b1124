"use client";

import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { RoleDocument } from "../../../../../lib/access/roles/document/schema.ts";
import { FailedRows, LoadingRows } from "../../../../components/audit/table-states.tsx";
import { Page } from "../../../../components/shell/page-frame.tsx";
import { RoleEditor } from "./role-editor.tsx";
import { ROLES_CRUMBS } from "./roles-crumbs.ts";
import { useRole } from "./use-role.ts";

const EMPTY_YAML = `apiVersion: kubewitness.io/v1
kind: Role
metadata:
  name: my-role
  description: ""
spec:
  rules:
    - effect: allow
      apiGroups: [""]
      resources: [pods, pods/log]
      verbs: [get, list, watch]
  kubernetes:
    groups: ["kubewitness:my-role"]
`;
const EMPTY = {
  yaml: EMPTY_YAML,
  document: RoleDocument.parse({
    apiVersion: "kubewitness.io/v1",
    kind: "Role",
    metadata: { name: "my-role" },
    spec: {
      rules: [
        {
          effect: "allow",
          apiGroups: [""],
          resources: ["pods", "pods/log"],
          verbs: ["get", "list", "watch"],
        },
      ],
      kubernetes: { groups: ["kubewitness:my-role"] },
    },
  }),
};

/** A role that is to be made: from nothing, or as a copy (`?from=<id>`). */
export function NewRole() {
  const router = useRouter();
  const [from] = useQueryState("from", parseAsString);
  const { data: original, error, refetch } = useRole(from);
  const saved = from === null ? EMPTY : original && copyOf(original);
  if (saved) {
    return <RoleEditor saved={saved} onSaved={({ id }) => router.replace(`/access/roles/${id}`)} />;
  }
  return (
    <Page path={ROLES_CRUMBS} title="New role">
      {error ? (
        <FailedRows error={error} noun={{ many: "roles" }} onRetry={() => void refetch()} />
      ) : (
        <LoadingRows />
      )}
    </Page>
  );
}

function copyOf({ document, yaml }: { document: RoleDocument; yaml: string }) {
  const name = `${document.metadata.name}-copy`;
  return {
    yaml: yaml.replace(/^( +name: ).*$/m, `$1${name}`),
    document: { ...document, metadata: { ...document.metadata, name } },
  };
}
