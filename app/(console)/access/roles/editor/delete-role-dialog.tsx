"use client";

import { useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { RoleDetail } from "../../../../../lib/access/roles/schema.ts";
import { ConfirmDialog } from "../../../../components/confirm-dialog.tsx";
import { placeOf, useGrants } from "../../../../components/list/grants-of.tsx";
import { sendJson } from "../../../../components/request-json.ts";
import { showDone, showFailure } from "../../../../components/toaster.tsx";

const MOST_NAMED = 5;

/** Asks before a role is deleted; names the grants that stand in the way. */
export function DeleteRoleDialog({
  role,
  open,
  onOpenChange,
  onDone,
}: {
  role: RoleDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const grants = useGrants({ role: role.id }, open).data?.grants ?? [];
  async function remove() {
    try {
      await sendJson(`/api/v1/roles/${role.id}`, z.unknown(), "DELETE");
      showDone("Role deleted", role.name);
      void client.invalidateQueries({ queryKey: ["/api/v1/roles"], exact: true });
      onDone();
    } catch (error) {
      showFailure("The role was not deleted", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete the role ${role.name}?`}
      verb="Delete role"
      keep="Keep role"
      typeToConfirm={role.name}
      onConfirm={remove}
    >
      <p>
        <b className="font-medium text-fg">{role.name}</b> with its {role.rules.length}{" "}
        {role.rules.length === 1 ? "rule" : "rules"} and its {role.version}{" "}
        {role.version === 1 ? "version" : "versions"} is removed. Event History keeps what it was.
      </p>
      {grants.length > 0 ? (
        <p className="mt-2">
          It cannot be deleted while it is granted: revoke{" "}
          {grants.slice(0, MOST_NAMED).map((grant, index) => (
            <span key={grant.id}>
              {index > 0 ? "; " : ""}
              {grant.subject.name} on {placeOf(grant)}
            </span>
          ))}
          {grants.length > MOST_NAMED ? ` and ${grants.length - MOST_NAMED} more` : ""} first.
        </p>
      ) : null}
    </ConfirmDialog>
  );
}
