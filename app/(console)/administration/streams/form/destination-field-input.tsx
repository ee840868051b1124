"use client";

import type { DestinationField } from "../../../../../lib/streams/destinations/destination/schema.ts";
import { Checkbox } from "../../../../components/checkbox.tsx";
import { FieldNote } from "../../../../components/field-note.tsx";
import { SelectField, TextAreaField } from "../../../../components/form/field.tsx";
import { InputField } from "../../../../components/input.tsx";
import type { FieldValue } from "./draft.ts";

/** A setting of a kind of destination, as its description says. */
export function DestinationFieldInput({
  id,
  field: { label, hint, input, choices, placeholder },
  value,
  onChange,
  error,
}: {
  id: string;
  field: DestinationField;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  error: string | undefined;
}) {
  if (input === "switch")
    return (
      <div className="grid gap-1">
        <label htmlFor={id} className="flex items-center gap-2 font-medium text-fg-2">
          <Checkbox
            id={id}
            checked={value === true}
            onCheckedChange={(checked) => onChange(checked === true)}
          />
          {label}
        </label>
        <FieldNote id={id} hint={hint} error={error} />
      </div>
    );
  if (input === "choice")
    return (
      <SelectField
        id={id}
        label={label}
        hint={hint}
        error={error}
        value={String(value)}
        onValueChange={onChange}
        options={choices ?? []}
      />
    );
  const common = { id, label, hint, error, placeholder, value: String(value) };
  if (input === "lines")
    return <TextAreaField {...common} rows={3} onChange={(event) => onChange(event.target.value)} />;
  return (
    <InputField
      {...common}
      autoComplete="off"
      spellCheck={false}
      inputMode={input === "number" ? "numeric" : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
