"use client";

import { Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import type { PolicyRule } from "../../../../../../lib/access/policy/schema.ts";
import type { DocumentProblem } from "../../../../../../lib/access/roles/schema.ts";
import { classNames } from "../../../../../components/class-names.ts";
import { SelectField } from "../../../../../components/form/field.tsx";
import { IconButton } from "../../../../../components/icon-button.tsx";
import { InputField } from "../../../../../components/input.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { GroupsField, LabelsField, ListField } from "./list-field.tsx";
import { problemOf } from "./problem-of.ts";

const EFFECTS = [
  { value: "allow", label: "Allow" },
  { value: "deny", label: "Deny" },
];

type ListKey = {
  [K in keyof PolicyRule]-?: PolicyRule[K] extends string[] ? K : never;
}[keyof PolicyRule];

interface RuleFieldsProps {
  index: number;
  rule: PolicyRule;
  isPointedAt: boolean;
  problems: readonly DocumentProblem[];
  readOnly: boolean;
  onChange: (rule: PolicyRule) => void;
  onRemove: () => void;
}

/** One rule. What is rarely needed stands behind "Where and when", which is open where the rule has any of it. */
export function RuleFields({
  index,
  rule,
  isPointedAt,
  problems,
  readOnly,
  onChange,
  onRemove,
}: RuleFieldsProps) {
  const own = useRef<HTMLElement>(null);
  const field = `spec.rules.${index}`;
  const error = (key: string) => problemOf(problems, `${field}.${key}`);
  const list = (key: ListKey, label: string, rest: { placeholder?: string; hint?: string } = {}) => ({
    id: `rule-${index}-${key}`,
    label,
    value: rule[key],
    error: error(key),
    onChange: (value: string[]) => onChange({ ...rule, [key]: value }),
    ...rest,
  });
  const labels = (key: "clusterLabels" | "namespaceLabels", label: string) => ({
    id: `rule-${index}-${key}`,
    label,
    placeholder: "env=prod, team=a|b",
    value: rule[key],
    error: error(key),
    onChange: (value: PolicyRule["clusterLabels"]) => onChange({ ...rule, [key]: value }),
  });
  useEffect(() => {
    if (isPointedAt) own.current?.scrollIntoView({ block: "center" });
  }, [isPointedAt]);
  return (
    <section
      ref={own}
      aria-label={`Rule ${index + 1}`}
      className={classNames(
        "grid gap-3 rounded-2 border border-line px-3 py-3",
        rule.effect === "deny" && "border-fail-line bg-fail-row",
        isPointedAt && "ring-2 ring-accent",
      )}
    >
      <div className="grid grid-cols-[52px_104px_minmax(0,1fr)_auto] items-start gap-2">
        <span className="pt-6 text-fg-3 tabular-nums">Rule {index + 1}</span>
        <SelectField
          id={`rule-${index}-effect`}
          label="Effect"
          value={rule.effect}
          onValueChange={(effect) => onChange({ ...rule, effect: effect as PolicyRule["effect"] })}
          options={EFFECTS}
        />
        <InputField
          id={`rule-${index}-description`}
          label="What it is for"
          value={rule.description ?? ""}
          error={error("description")}
          onChange={(event) => onChange({ ...rule, description: event.target.value || undefined })}
        />
        {readOnly ? null : (
          <span className="pt-5">
            <IconButton label={`Remove rule ${index + 1}`} onClick={onRemove}>
              <Trash2 aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      <div className="grid grid-cols-2 items-start gap-2 max-tablet:grid-cols-1">
        <ListField {...list("verbs", "Verbs", { placeholder: "get, list, watch" })} />
        <ListField {...list("resources", "Resources", { placeholder: "pods, pods/exec, */status" })} />
        <GroupsField {...list("apiGroups", "API groups", { placeholder: "core, apps" })} />
        <ListField {...list("exceptResources", "But not these resources")} />
      </div>
      <details open={hasMore(rule) || undefined}>
        <summary className="cursor-pointer text-fg-2">Where and when</summary>
        <div className="mt-3 grid grid-cols-2 items-start gap-2 max-tablet:grid-cols-1">
          <ListField
            {...list("namespaces", "Namespaces", { placeholder: "team-*", hint: "Empty: as granted." })}
          />
          <LabelsField {...labels("namespaceLabels", "Labels of the namespace")} />
          <ListField
            {...list("clusters", "Clusters", { placeholder: "prod-*", hint: "Empty: as granted." })}
          />
          <LabelsField {...labels("clusterLabels", "Labels of the cluster")} />
          <ListField {...list("names", "Names of objects", { hint: "Empty: every object." })} />
          <ListField
            {...list("nonResourceURLs", "Paths that are no resources", { placeholder: "/metrics" })}
          />
        </div>
        <ConditionFields
          index={index}
          rule={rule}
          error={(key) => error(`when.${key}`)}
          onChange={onChange}
        />
      </details>
    </section>
  );
}

function hasMore({
  namespaces,
  namespaceLabels,
  clusters,
  clusterLabels,
  names,
  nonResourceURLs,
  when,
}: PolicyRule) {
  const lists = [namespaces, clusters, names, nonResourceURLs];
  const maps = [namespaceLabels, clusterLabels, when ?? {}];
  return lists.some(({ length }) => length > 0) || maps.some((map) => Object.keys(map).length > 0);
}
