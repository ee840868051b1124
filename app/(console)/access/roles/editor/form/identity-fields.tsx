"use client";

import { InputField } from "../../../../../components/input.tsx";
import { ListField } from "./list-field.tsx";
import { problemOf } from "./problem-of.ts";
import type { SectionProps } from "./role-form.tsx";

/** As whom the cluster sees the calls, and in whose name a caller may act. */
export function IdentityFields({ document, onChange, problems }: SectionProps) {
  const { spec } = document;
  const { kubernetes, impersonate } = spec;
  const error = (field: string) => problemOf(problems, `spec.${field}`);
  const set = (change: Partial<typeof spec>) => onChange({ ...document, spec: { ...spec, ...change } });
  return (
    <section aria-labelledby="in-clusters" className="grid max-w-[720px] gap-3">
      <h2 id="in-clusters" className="text-meta font-medium text-fg-3">
        In clusters
      </h2>
      <div className="grid grid-cols-2 items-start gap-3 max-tablet:grid-cols-1">
        <InputField
          id="role-kubernetes-user"
          label="As user"
          hint="Empty: the caller’s own name."
          value={kubernetes.user ?? ""}
          error={error("kubernetes.user")}
          onChange={(event) => set({ kubernetes: { ...kubernetes, user: event.target.value || undefined } })}
        />
        <ListField
          id="role-kubernetes-groups"
          label="In groups"
          hint="What the cluster’s own role bindings name."
          value={kubernetes.groups}
          error={error("kubernetes.groups")}
          onChange={(groups) => set({ kubernetes: { ...kubernetes, groups } })}
        />
        <ListField
          id="role-impersonate-users"
          label="--as may name"
          hint="Empty: nobody."
          value={impersonate.users}
          error={error("impersonate.users")}
          onChange={(users) => set({ impersonate: { ...impersonate, users } })}
        />
        <ListField
          id="role-impersonate-groups"
          label="--as-group may name"
          hint="Empty: none."
          value={impersonate.groups}
          error={error("impersonate.groups")}
          onChange={(groups) => set({ impersonate: { ...impersonate, groups } })}
        />
      </div>
    </section>
  );
}
