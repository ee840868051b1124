"use client";

import { SCOPES } from "../../../lib/access/key-scopes/schema.ts";
import { Checkbox } from "../checkbox.tsx";
import { FieldNote, noteId } from "../field-note.tsx";
import { SelectField, TextAreaField } from "../form/field.tsx";
import type { FieldErrors } from "../form/field-errors.ts";
import type { BoundsDraft } from "./key-bounds.ts";

/** What a key may be used for, and from where. `everything`: what it may without scopes. */
export function BoundsFields({
  draft,
  onChange,
  errors,
  everything,
}: {
  draft: BoundsDraft;
  onChange: (draft: BoundsDraft) => void;
  errors: FieldErrors;
  everything: string;
}) {
  return (
    <>
      <SelectField
        id="key-permits"
        label="May be used for"
        value={draft.some ? "some" : "all"}
        onValueChange={(value) => onChange({ ...draft, some: value === "some" })}
        options={[
          { value: "all", label: everything },
          { value: "some", label: "Only what is chosen here" },
        ]}
        error={draft.some ? undefined : errors.of("scopes")}
      />
      {draft.some ? <Scopes draft={draft} onChange={onChange} error={errors.of("scopes")} /> : null}
      <TextAreaField
        id="key-networks"
        label="Networks"
        rows={2}
        placeholder="10.0.0.0/8"
        hint="Addresses and ranges it counts from, one a line. Empty: everywhere."
        value={draft.networks}
        onChange={(event) => onChange({ ...draft, networks: event.target.value })}
        error={errors.of("networks")}
      />
    </>
  );
}

function Scopes({
  draft,
  onChange,
  error,
}: {
  draft: BoundsDraft;
  onChange: (draft: BoundsDraft) => void;
  error?: string;
}) {
  const toggle = (scope: string, on: boolean) =>
    onChange({
      ...draft,
      scopes: on ? [...draft.scopes, scope] : draft.scopes.filter((other) => other !== scope),
    });
  return (
    <fieldset
      className="grid gap-1"
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? noteId("key-scopes") : undefined}
      tabIndex={-1}
    >
      <legend className="mb-1 font-medium text-fg-2">Scopes</legend>
      <div className="grid max-h-[220px] overflow-auto rounded-2 border border-line-control py-1">
        {SCOPES.map(({ scope, about }) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
          <label
            key={scope}
            className="flex min-h-7 items-start gap-2 px-2 py-1 hover:bg-bg-hover max-tablet:min-h-11"
          >
            <Checkbox
              className="mt-0.5"
              checked={draft.scopes.includes(scope)}
              onCheckedChange={(next) => toggle(scope, next === true)}
            />
            <span>
              <span className="identifier">{scope}</span>
              <span className="block text-fg-3">{about}</span>
            </span>
          </label>
        ))}
      </div>
      <FieldNote id="key-scopes" error={error} />
    </fieldset>
  );
}
