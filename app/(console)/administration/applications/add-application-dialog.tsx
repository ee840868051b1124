"use client";

import { useState } from "react";
import { ApplicationWithSecret } from "../../../../lib/identity/applications/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { BoundsFields } from "../../../components/keys/bounds-fields.tsx";
import { boundsOf, NO_BOUNDS } from "../../../components/keys/key-bounds.ts";
import { sendJson } from "../../../components/request-json.ts";
import { EVERYTHING } from "./everything.ts";

const ROLES = [
  { value: "auditor", label: "Auditor: reads everything, changes nothing" },
  { value: "administrator", label: "Administrator: also changes access and clusters" },
];

/** Makes an application; its secret is shown once. */
export function AddApplicationDialog({
  open,
  onOpenChange,
  onDone,
  onSecret,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
  onSecret: (application: ApplicationWithSecret) => void;
}) {
  const [name, setName] = useState("");
  const [consoleRole, setConsoleRole] = useState("auditor");
  const [bounds, setBounds] = useState(NO_BOUNDS);
  async function submit() {
    const body = { name: name.trim(), consoleRole, ...boundsOf(bounds) };
    onSecret(await sendJson("/api/v1/applications", ApplicationWithSecret, "POST", body));
    setName("");
    setConsoleRole("auditor");
    setBounds(NO_BOUNDS);
    onDone();
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add application"
      description="It gets an id and a secret, and with them tokens for the API. Clusters it reaches only by grants."
      verb="Add application"
      fields={["name", "consoleRole", "scopes", "networks"]}
      draft={[name, consoleRole, bounds]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="application-name"
            label="Name"
            autoComplete="off"
            spellCheck={false}
            hint="Lower case, for example siem-export. The record shows it as the caller."
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={errors.of("name")}
          />
          <SelectField
            id="application-role"
            label="Console role"
            value={consoleRole}
            onValueChange={setConsoleRole}
            options={ROLES}
            error={errors.of("consoleRole")}
          />
          <BoundsFields draft={bounds} onChange={setBounds} errors={errors} everything={EVERYTHING} />
        </>
      )}
    </FormDialog>
  );
}
