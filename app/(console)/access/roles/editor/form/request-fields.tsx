"use client";

import { RoleRequests } from "../../../../../../lib/access/roles/document/schema.ts";
import { Checkbox } from "../../../../../components/checkbox.tsx";
import { InputField } from "../../../../../components/input.tsx";
import { ListField } from "./list-field.tsx";
import { problemOf } from "./problem-of.ts";
import type { SectionProps } from "./role-form.tsx";

const NO_REQUESTS = RoleRequests.parse({});

/** How people may ask for the role. */
export function RequestFields({ document, onChange, problems }: SectionProps) {
  const { spec } = document;
  const requests = spec.requests ?? NO_REQUESTS;
  const set = (change: Partial<RoleRequests>) =>
    onChange({ ...document, spec: { ...spec, requests: { ...requests, ...change } } });
  const { requestable, breakGlass } = requests;
  return (
    <section aria-labelledby="requests" className="grid max-w-[720px] gap-3">
      <h2 id="requests" className="text-meta font-medium text-fg-3">
        Requests
      </h2>
      <Toggle
        label="People may ask for it for a time, with a reason"
        checked={requestable}
        onChange={(next) => set({ requestable: next })}
      />
      <Toggle
        label="It may be taken at once in an emergency (break-glass); everybody concerned is told"
        checked={breakGlass !== undefined}
        onChange={(next) => set({ breakGlass: next ? { anyone: false, groups: [] } : undefined })}
      />
      {breakGlass ? (
        <div className="grid gap-3 pl-6">
          <Toggle
            label="By everybody to whom some role is granted"
            checked={breakGlass.anyone}
            onChange={(anyone) => set({ breakGlass: { ...breakGlass, anyone } })}
          />
          <ListField
            id="role-break-glass-groups"
            label="By members of"
            hint="Groups."
            value={breakGlass.groups}
            error={problemOf(problems, "spec.requests.breakGlass.groups")}
            onChange={(groups) => set({ breakGlass: { ...breakGlass, groups } })}
          />
        </div>
      ) : null}
      {requestable || breakGlass ? (
        <div className="grid grid-cols-2 items-start gap-3 max-tablet:grid-cols-1">
          <ListField
            id="role-approvers"
            label="Approved by who holds"
            hint="Roles. Empty: administrators."
            value={requests.approverRoles}
            error={problemOf(problems, "spec.requests.approverRoles")}
            onChange={(approverRoles) => set({ approverRoles })}
          />
          <InputField
            id="role-max-duration"
            label="For at most"
            placeholder="8h"
            value={requests.maxDuration ?? ""}
            error={problemOf(problems, "spec.requests.maxDuration")}
            onChange={(event) => set({ maxDuration: event.target.value || undefined })}
          />
        </div>
      ) : null}
    </section>
  );
}

function Toggle({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
    <label className="flex cursor-pointer items-start gap-2">
      <Checkbox className="mt-0.5" checked={checked} onCheckedChange={(next) => onChange(next === true)} />
      <span className="text-fg-2">{label}</span>
    </label>
  );
}
