"use client";

import { useQueryClient } from "@tanstack/react-query";
import { FailedRows, LoadingRows } from "../../../../components/audit/table-states.tsx";
import { Page } from "../../../../components/shell/page-frame.tsx";
import { RoleEditor } from "./role-editor.tsx";
import { ROLES_CRUMBS } from "./roles-crumbs.ts";
import { useRole } from "./use-role.ts";

/** A role that is there: its document, its history. */
export function ExistingRole({ id }: { id: string }) {
  const { data: role, error, refetch } = useRole(id);
  const client = useQueryClient();
  if (role) {
    return (
      <RoleEditor
        key={role.version}
        role={role}
        saved={role}
        onSaved={(saved) => {
          client.setQueryData(["/api/v1/roles", id], saved);
          void client.invalidateQueries({ queryKey: ["/api/v1/roles"], exact: true });
        }}
      />
    );
  }
  return (
    <Page path={ROLES_CRUMBS} title="Role">
      {error ? (
        <FailedRows error={error} noun={{ many: "roles" }} onRetry={() => void refetch()} />
      ) : (
        <LoadingRows />
      )}
    </Page>
  );
}
