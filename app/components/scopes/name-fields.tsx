"use client";

import type { FieldErrors } from "../form/field-errors.ts";
import { InputField } from "../input.tsx";

/** Name and description, which projects, departments and node pools all have. */
export function NameFields({
  form,
  set,
  errors,
  hint,
}: {
  form: { name: string; description: string };
  set: (change: { name?: string; description?: string }) => void;
  errors: FieldErrors;
  hint: string;
}) {
  return (
    <>
      <InputField
        id="scope-name"
        label="Name"
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        hint={hint}
        value={form.name}
        onChange={(event) => set({ name: event.target.value })}
        error={errors.of("name")}
      />
      <InputField
        id="scope-description"
        label="Description"
        autoComplete="off"
        maxLength={500}
        value={form.description}
        onChange={(event) => set({ description: event.target.value })}
        error={errors.of("description")}
      />
    </>
  );
}
