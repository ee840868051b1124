"use client";

import { useState } from "react";
import { RoleDetail } from "../../../../../../lib/access/roles/schema.ts";
import { TextAreaField } from "../../../../../components/form/field.tsx";
import { FormDialog } from "../../../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../../../components/request-json.ts";
import { showDone } from "../../../../../components/toaster.tsx";

/** Makes an earlier version the newest again. */
export function RestoreVersionDialog({
  role,
  version,
  open,
  onOpenChange,
  onDone,
}: {
  role: RoleDetail;
  version: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: (role: RoleDetail) => void;
}) {
  const [reason, setReason] = useState("");
  async function submit() {
    const restored = await sendJson(`/api/v1/roles/${role.id}/restore`, RoleDetail, "POST", {
      version: role.version,
      restore: version,
      reason,
    });
    showDone(`Version ${version} restored`, role.name);
    onDone(restored);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Restore version ${version} of ${role.name}`}
      description={`It becomes version ${role.version + 1} and counts at once. What is there now stays in the history.`}
      verb="Restore"
      fields={["reason"]}
      draft={{ reason }}
      onSubmit={submit}
    >
      {(errors) => (
        <TextAreaField
          id="restore-reason"
          label="Why"
          rows={3}
          error={errors.of("reason")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
