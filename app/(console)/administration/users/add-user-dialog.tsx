"use client";

import { useState } from "react";
import { PersonView } from "../../../../lib/identity/people/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";

const EMPTY = { email: "", name: "", groups: "" };

/** Makes a person known before they first sign in, so that access can be granted in advance. */
export function AddUserDialog({
  open,
  onOpenChange,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setForm((now) => ({ ...now, ...change }));
  async function submit() {
    const groups = form.groups.split(",").map((group) => group.trim());
    const user = await sendJson("/api/v1/users", PersonView, "POST", {
      email: form.email.trim(),
      name: form.name,
      groups: groups.filter(Boolean),
    });
    setForm(EMPTY);
    onDone();
    showDone("User added", user.email);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add user"
      description="They are known from now on, so that access can be granted. They sign in with the identity provider as always."
      verb="Add user"
      fields={["email", "name", "groups"]}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="user-email"
            label="Email"
            type="email"
            autoComplete="off"
            hint="As the identity provider has it: clusters see it as the user’s name."
            value={form.email}
            onChange={(event) => set({ email: event.target.value })}
            error={errors.of("email")}
          />
          <InputField
            id="user-name"
            label="Name"
            autoComplete="off"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <InputField
            id="user-groups"
            label="Groups"
            autoComplete="off"
            hint="With commas between. The identity provider’s own replace them at the first sign-in."
            value={form.groups}
            onChange={(event) => set({ groups: event.target.value })}
            error={errors.of("groups")}
          />
        </>
      )}
    </FormDialog>
  );
}
