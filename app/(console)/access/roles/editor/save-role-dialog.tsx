"use client";

import { useState } from "react";
import { RoleDetail } from "../../../../../lib/access/roles/schema.ts";
import { TextAreaField } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../../components/request-json.ts";
import { showDone } from "../../../../components/toaster.tsx";
import type { Written } from "./use-role-draft.ts";

/** Asks why, and saves what was written last. */
export function SaveRoleDialog({
  open,
  onOpenChange,
  role,
  written,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  role: RoleDetail | null;
  written: Written;
  onDone: (role: RoleDetail) => void;
}) {
  const [reason, setReason] = useState("");
  async function submit() {
    const body = { ...written, reason };
    const saved = role
      ? await sendJson(`/api/v1/roles/${role.id}`, RoleDetail, "PUT", { ...body, version: role.version })
      : await sendJson("/api/v1/roles", RoleDetail, "POST", body);
    showDone(role ? "Role saved" : "Role made", saved.name);
    setReason("");
    onDone(saved);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={role ? `Save ${role.name}` : "Make the role"}
      description={
        role
          ? "It counts at once, on every replica. Calls, watches and sessions that it does not allow any more end within seconds."
          : "It allows nothing until it is granted."
      }
      verb={role ? "Save" : "Make role"}
      fields={["reason"]}
      draft={{ reason }}
      onSubmit={submit}
    >
      {(errors) => (
        <TextAreaField
          id="role-reason"
          label="Why"
          rows={3}
          hint="Kept with the version, and in its event."
          error={errors.of("reason")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
