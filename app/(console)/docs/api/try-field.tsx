"use client";

import { SelectField } from "../../../components/form/field.tsx";
import { InputField } from "../../../components/input.tsx";
import type { ApiParameter } from "./model/read-document.ts";

const UNSET = " ";

/** A parameter's value: free text, or one of a few. */
export function TryField({
  parameter,
  value,
  onChange,
  error,
}: {
  parameter: ApiParameter;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const { name, values, required } = parameter;
  const id = `try-${name}`;
  if (values.length > 0) {
    return (
      <SelectField
        id={id}
        label={name}
        value={value || UNSET}
        onValueChange={(next) => onChange(next === UNSET ? "" : next)}
        options={[
          {
            value: UNSET,
            label: parameter.default === null ? "Not sent" : `Not sent (${parameter.default})`,
          },
          ...values.map((one) => ({ value: one, label: one })),
        ]}
        error={error}
      />
    );
  }
  return (
    <InputField
      id={id}
      label={required ? `${name} (required)` : name}
      className="[&_input]:font-mono [&_input]:text-code"
      autoComplete="off"
      spellCheck={false}
      placeholder={parameter.default ?? parameter.example ?? undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}
