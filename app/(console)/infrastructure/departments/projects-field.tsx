"use client";

import { useState } from "react";
import { Checkbox } from "../../../components/checkbox.tsx";
import { FieldNote } from "../../../components/field-note.tsx";
import { InputField } from "../../../components/input.tsx";
import { matches } from "../../../components/list/use-list.ts";
import { useScopeNames } from "../../../components/scopes/use-scope-names.ts";

/** Which projects a department has, by name. */
export function ProjectsField({
  value,
  onChange,
  error,
}: {
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
  error?: string;
}) {
  const [search, setSearch] = useState("");
  const { names: listed, isError } = useScopeNames("project");
  const names = [...new Set([...value, ...(listed ?? [])])].sort();
  const shown = names.filter(matches(search, (name) => name));
  return (
    <fieldset
      className="grid gap-1.5"
      aria-invalid={error ? true : undefined}
      tabIndex={error ? -1 : undefined}
    >
      <legend className="mb-1 font-medium text-fg-2">Projects</legend>
      {names.length > 8 ? (
        <InputField
          id="department-search"
          label="Search projects"
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      ) : null}
      <div className="grid max-h-48 gap-1 overflow-auto rounded-2 border border-line p-2">
        {shown.map((name) => (
          <label
            key={name}
            htmlFor={`department-project-${name}`}
            className="flex items-center gap-2 max-tablet:min-h-11"
          >
            <Checkbox
              id={`department-project-${name}`}
              checked={value.includes(name)}
              onCheckedChange={(checked) =>
                onChange(checked === true ? [...value, name] : value.filter((other) => other !== name))
              }
            />
            <span className="wrap-anywhere">{name}</span>
          </label>
        ))}
        {listed && shown.length === 0 ? (
          <span className="text-fg-3">No projects{search ? " match" : " yet"}.</span>
        ) : null}
        {isError ? (
          <span className="text-fail">The projects could not be loaded. Close this and try again.</span>
        ) : null}
      </div>
      <FieldNote id="department-projects" error={error} />
    </fieldset>
  );
}
