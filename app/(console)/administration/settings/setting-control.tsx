"use client";

import { useEffect, useRef } from "react";
import type { SettingView } from "../../../../lib/settings/schema.ts";
import { SelectField, TextAreaField } from "../../../components/form/field.tsx";
import { InputField } from "../../../components/input.tsx";

/** The control that a setting's kind of value asks for. It takes the focus. */
export function SettingControl({
  setting,
  draft,
  onChange,
  error,
}: {
  setting: SettingView;
  draft: string;
  onChange: (draft: string) => void;
  error?: string;
}) {
  const { name, takes, choices, written } = setting;
  const id = `setting-${name.replaceAll(".", "-")}`;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  }, []);
  const common = { id, label: name, error };
  return (
    <div ref={place}>
      {choices !== null && choices.length > 0 ? (
        <SelectField
          {...common}
          value={draft}
          onValueChange={onChange}
          options={choices.map((value) => ({ value, label: CHOICES[value] ?? value }))}
        />
      ) : Array.isArray(written) ? (
        <TextAreaField
          {...common}
          hint={`Takes ${takes}, one a line.`}
          rows={4}
          value={draft}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <InputField
          {...common}
          hint={`Takes ${takes}.`}
          autoComplete="off"
          spellCheck={false}
          value={draft}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}

const CHOICES: Readonly<Record<string, string>> = { true: "Yes", false: "No" };
