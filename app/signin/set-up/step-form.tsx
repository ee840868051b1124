"use client";

import { type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import {
  type FieldErrors,
  type FieldWords,
  NO_ERRORS,
  readFieldErrors,
} from "../../components/form/field-errors.ts";

/** One step's form: what is wrong stands at its field, what belongs to none above the button. */
export function StepForm({
  label,
  verb,
  fields,
  words,
  onSubmit,
  children,
}: {
  label: string;
  verb: string;
  fields: readonly string[];
  words?: FieldWords;
  onSubmit: () => Promise<void>;
  children: (errors: FieldErrors) => ReactNode;
}) {
  const [errors, setErrors] = useState(NO_ERRORS);
  const [busy, setBusy] = useState(false);
  async function submit() {
    setBusy(true);
    setErrors(NO_ERRORS);
    try {
      await onSubmit();
    } catch (error) {
      setErrors(readFieldErrors(error, fields, words));
    } finally {
      setBusy(false);
    }
  }
  return (
    <form
      noValidate
      aria-label={label}
      className="mt-4 grid gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      {children(errors)}
      {errors.general ? (
        <p role="alert" className="text-fail">
          {errors.general}
        </p>
      ) : null}
      <Button type="submit" look="primary" size="large" aria-disabled={busy}>
        {verb}
      </Button>
    </form>
  );
}
