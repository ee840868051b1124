"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { Named } from "../../../../lib/access/scopes/schema.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { FieldNote } from "../../../components/field-note.tsx";
import { InputField } from "../../../components/input.tsx";
import { matches } from "../../../components/list/use-list.ts";
import { requestJson } from "../../../components/request-json.ts";

const Names = z.object({ projects: z.array(Named) });

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
  const { data } = useQuery({
    queryKey: ["/api/v1/projects", "names"],
    queryFn: ({ signal }) => requestJson("/api/v1/projects?limit=1000", Names, { signal }),
  });
  const names = [...new Set([...value, ...(data?.projects.map(({ name }) => name) ?? [])])].sort();
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
        {shown.length === 0 ? (
          <span className="text-fg-3">No projects{search ? " match" : " yet"}.</span>
        ) : null}
      </div>
      <FieldNote id="department-projects" error={error} />
    </fieldset>
  );
}
