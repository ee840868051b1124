"use client";

import { useState } from "react";
import { IssuedToken } from "../../../../lib/identity/tokens/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { lifetimeOptions } from "../me/lifetimes.ts";

/** Issues a token of one's own; it is shown once. */
export function IssueTokenDialog({
  open,
  onOpenChange,
  longestMs,
  onIssued,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  longestMs: number;
  onIssued: (token: IssuedToken) => void;
}) {
  const [name, setName] = useState("");
  const [lifetime, setLifetime] = useState(String(longestMs));
  async function submit() {
    const body = { name, lifetimeMs: Number(lifetime) };
    onIssued(await sendJson("/api/v1/tokens", IssuedToken, "POST", body));
    setName("");
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Issue token"
      description="Whoever has it acts in your name. What it does is on the record as yours."
      verb="Issue token"
      fields={["name", "lifetimeMs"]}
      draft={[name, lifetime]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="token-name"
            label="Name"
            autoComplete="off"
            hint="What it is for."
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={errors.of("name")}
          />
          <SelectField
            id="token-lifetime"
            label="Counts for"
            value={lifetime}
            onValueChange={setLifetime}
            options={lifetimeOptions(longestMs)}
            error={errors.of("lifetimeMs")}
          />
        </>
      )}
    </FormDialog>
  );
}
