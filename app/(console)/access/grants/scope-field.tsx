"use client";

import { SuggestField } from "../../../components/form/suggest-field.tsx";
import { type NamedScopeKind, useScopeNames } from "../../../components/scopes/use-scope-names.ts";

export const SCOPE_KINDS = [
  { value: "cluster", label: "Cluster" },
  { value: "project", label: "Project" },
  { value: "department", label: "Department" },
  { value: "nodePool", label: "Node pool" },
];
export type ScopeKind = "cluster" | NamedScopeKind;

const FIELDS: Record<NamedScopeKind, { label: string; hint: string }> = {
  project: { label: "Project", hint: "It counts in the project’s namespaces, as they are then." },
  department: { label: "Department", hint: "It counts in the namespaces of the department’s projects." },
  nodePool: {
    label: "Node pool",
    hint: "It counts for the pool’s nodes and the pods on them, and nothing else.",
  },
};

/** What an empty field says. */
export const SCOPE_WORDS = {
  project: { empty: "Name a project." },
  department: { empty: "Name a department." },
  nodePool: { empty: "Name a node pool." },
};

/** The project, the department or the node pool that a grant is to name. */
export function ScopeField({
  kind,
  value,
  onChange,
  error,
}: {
  kind: NamedScopeKind;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const { names = [] } = useScopeNames(kind);
  return (
    <SuggestField
      id="grant-scope"
      label={FIELDS[kind].label}
      hint={FIELDS[kind].hint}
      value={value}
      onChange={onChange}
      suggestions={names.map((name) => ({ value: name }))}
      error={error}
    />
  );
}
