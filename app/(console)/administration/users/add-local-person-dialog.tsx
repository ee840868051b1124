"use client";

import { useState } from "react";
import type { ConsoleRole } from "../../../../lib/context.ts";
import { SetUpOffer } from "../../../../lib/identity/local/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { CONSOLE_ROLES } from "./console-roles.ts";

const EMPTY = { email: "", name: "", consoleRole: "user" as ConsoleRole };
const ROLES = (["user", "auditor", "administrator"] as const).map((value) => ({
  value,
  label: CONSOLE_ROLES[value],
}));

/** Adds a person of this installation's own, who signs in with a password and a second factor here. */
export function AddLocalPersonDialog({
  open,
  onOpenChange,
  onAdded,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAdded: (offer: SetUpOffer) => void;
}) {
  const [form, setForm] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setForm((now) => ({ ...now, ...change }));
  async function submit() {
    const body = { ...form, email: form.email.trim() };
    onAdded(await sendJson("/api/v1/users/local", SetUpOffer, "POST", body));
    setForm(EMPTY);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add local person"
      description="Of no identity provider: they sign in with a password and a second factor of this installation, also on the day the provider is away."
      verb="Add person"
      fields={["email", "name", "consoleRole"]}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="local-person-email"
            label="Email"
            type="email"
            autoComplete="off"
            hint="Clusters see it as the person’s name."
            value={form.email}
            onChange={(event) => set({ email: event.target.value })}
            error={errors.of("email")}
          />
          <InputField
            id="local-person-name"
            label="Name"
            autoComplete="off"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <SelectField
            id="local-person-role"
            label="Console role"
            value={form.consoleRole}
            onValueChange={(value) => set({ consoleRole: value as ConsoleRole })}
            options={ROLES}
            error={errors.of("consoleRole")}
          />
        </>
      )}
    </FormDialog>
  );
}
