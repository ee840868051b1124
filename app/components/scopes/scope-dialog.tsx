"use client";

import { type ReactNode, useState } from "react";
import { Named } from "../../../lib/access/scopes/schema.ts";
import type { FieldErrors, FieldWords } from "../form/field-errors.ts";
import { FormDialog } from "../form/form-dialog.tsx";
import { sendJson } from "../request-json.ts";
import { showDone } from "../toaster.tsx";
import { NameFields } from "./name-fields.tsx";

/** Adds a project, a department or a node pool, or changes one; what it is made of is the caller's. */
export function ScopeDialog({
  scope,
  noun,
  endpoint,
  hint,
  contents,
  fields,
  words,
  bodyOf,
  onClose,
  onDone,
  children,
}: {
  /** null: a new one. */
  scope: { id: string; name: string; description: string; grants: number } | null;
  /** `project`. */
  noun: string;
  /** `/api/v1/projects`. */
  endpoint: string;
  /** What uses the name. */
  hint: string;
  /** What it is made of, as it is typed. */
  contents: object;
  /** The fields of its contents, as the API calls them. */
  fields: readonly string[];
  words: FieldWords;
  /** Its contents as they are sent. */
  bodyOf: () => object;
  onClose: () => void;
  onDone: () => void;
  children: (errors: FieldErrors) => ReactNode;
}) {
  const [form, setForm] = useState({ name: scope?.name ?? "", description: scope?.description ?? "" });

  async function submit() {
    const body = { ...form, ...bodyOf() };
    const saved = scope
      ? await sendJson(`${endpoint}/${scope.id}`, Named, "PATCH", body)
      : await sendJson(endpoint, Named, "POST", body);
    onDone();
    showDone(`${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${scope ? "changed" : "added"}`, saved.name);
  }

  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={scope ? `Edit ${scope.name}` : `Add ${noun}`}
      description={scope && scope.grants > 0 ? "Its grants count for what it is then, at once." : undefined}
      verb={scope ? "Save" : `Add ${noun}`}
      className="w-[560px]"
      fields={["name", "description", ...fields]}
      words={{ name: { empty: `Name the ${noun}.` }, ...words }}
      draft={{ ...form, ...contents }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <NameFields
            form={form}
            set={(change) => setForm((now) => ({ ...now, ...change }))}
            errors={errors}
            hint={hint}
          />
          {children(errors)}
        </>
      )}
    </FormDialog>
  );
}
