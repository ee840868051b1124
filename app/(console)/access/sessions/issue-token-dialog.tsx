"use client";

import { useState } from "react";
import { IssuedToken } from "../../../../lib/identity/tokens/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { BoundsFields } from "../../../components/keys/bounds-fields.tsx";
import { boundsOf, NO_BOUNDS } from "../../../components/keys/key-bounds.ts";
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
  const [bounds, setBounds] = useState(NO_BOUNDS);
  async function submit() {
    const body = { name, lifetimeMs: Number(lifetime), ...boundsOf(bounds) };
    onIssued(await sendJson("/api/v1/tokens", IssuedToken, "POST", body));
    setName("");
    setBounds(NO_BOUNDS);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Issue token"
      description="Whoever has it acts in your name. What it does is on the record as yours."
      verb="Issue token"
      fields={["name", "lifetimeMs", "scopes", "networks"]}
      draft={[name, lifetime, bounds]}
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
          <BoundsFields draft={bounds} onChange={setBounds} errors={errors} everything="All that you may" />
        </>
      )}
    </FormDialog>
  );
}
