"use client";

import { useState } from "react";
import { RecordingPolicy } from "../../../../lib/access/policy/schema.ts";
import { RoleView } from "../../../../lib/access/roles/schema.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";
import { RECORDING_WORDS } from "./recording-words.ts";

/** Whether the sessions of one role are recorded. */
export function RecordingDialog({
  role,
  open,
  onOpenChange,
  onDone,
}: {
  role: RoleView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  const [record, setRecord] = useState(role.record);
  const [recordInput, setRecordInput] = useState(role.recordInput);
  async function submit() {
    await sendJson(`/api/v1/roles/${role.id}`, RoleView, "PATCH", { record, recordInput });
    showDone("Recording changed", role.name);
    onDone();
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Recording of ${role.name}`}
      description="For sessions that this role allows, from now on. Sessions that are running go on as they began."
      verb="Save"
      fields={["record"]}
      draft={[record, recordInput]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <SelectField
            id="role-record"
            label="Sessions"
            value={record}
            onValueChange={(value) => setRecord(RecordingPolicy.parse(value))}
            options={RecordingPolicy.options.map((value) => ({ value, label: RECORDING_WORDS[value].label }))}
            hint={RECORDING_WORDS[record].meaning}
            error={errors.of("record")}
          />
          {record === "off" ? null : (
            // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
            <label className="flex cursor-pointer items-start gap-2">
              <Checkbox
                className="mt-0.5"
                checked={recordInput}
                onCheckedChange={(next) => setRecordInput(next === true)}
              />
              <span>
                <span className="block font-medium text-fg-2">Also what is typed</span>
                <span className="block text-fg-3">
                  Passwords are typed in sessions, and would be in the recording. What the screen shows is
                  recorded in any case.
                </span>
              </span>
            </label>
          )}
        </>
      )}
    </FormDialog>
  );
}
