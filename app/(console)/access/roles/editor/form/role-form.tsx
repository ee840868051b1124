"use client";

import { Plus } from "lucide-react";
import { PolicyRule } from "../../../../../../lib/access/policy/schema.ts";
import type { RoleDocument } from "../../../../../../lib/access/roles/document/schema.ts";
import type { DocumentProblem } from "../../../../../../lib/access/roles/schema.ts";
import { Button } from "../../../../../components/button.tsx";
import { InputField } from "../../../../../components/input.tsx";
import { IdentityFields } from "./identity-fields.tsx";
import { problemOf } from "./problem-of.ts";
import { RecordFields } from "./record-fields.tsx";
import { RequestFields } from "./request-fields.tsx";
import { RuleFields } from "./rule-fields.tsx";

export interface SectionProps {
  document: RoleDocument;
  onChange: (document: RoleDocument) => void;
  problems: readonly DocumentProblem[];
  readOnly: boolean;
}

const NEW_RULE = PolicyRule.parse({
  effect: "allow",
  apiGroups: [""],
  resources: ["pods"],
  verbs: ["get", "list", "watch"],
});

/** The document as a form. `rule`: the one that a link points at, from 1. */
export function RoleForm({ rule, ...props }: SectionProps & { rule: number | null }) {
  const { document, onChange, problems, readOnly } = props;
  const { metadata, spec } = document;
  const setRules = (rules: PolicyRule[]) => onChange({ ...document, spec: { ...spec, rules } });
  return (
    <fieldset disabled={readOnly} className="grid gap-6 px-5 py-4 max-tablet:px-4">
      <div className="grid max-w-[720px] grid-cols-[220px_minmax(0,1fr)] items-start gap-3 max-tablet:grid-cols-1">
        <InputField
          id="role-name"
          label="Name"
          value={metadata.name}
          error={problemOf(problems, "metadata.name")}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ ...document, metadata: { ...metadata, name: event.target.value } })}
        />
        <InputField
          id="role-description"
          label="What it is for"
          value={metadata.description}
          error={problemOf(problems, "metadata.description")}
          onChange={(event) =>
            onChange({ ...document, metadata: { ...metadata, description: event.target.value } })
          }
        />
      </div>
      <section aria-labelledby="rules" className="grid gap-3">
        <h2 id="rules" className="text-meta font-medium text-fg-3">
          Rules: what none allows is denied, and a deny rule wins over every allow
        </h2>
        {problemOf(problems, "spec.rules") && spec.rules.length === 0 ? (
          <p className="text-fail">{problemOf(problems, "spec.rules")}</p>
        ) : null}
        {spec.rules.map((each, index) => (
          <RuleFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the role
            key={index}
            index={index}
            rule={each}
            isPointedAt={rule === index + 1}
            problems={problems}
            readOnly={readOnly}
            onChange={(next) => setRules(spec.rules.map((one, at) => (at === index ? next : one)))}
            onRemove={() => setRules(spec.rules.filter((_, at) => at !== index))}
          />
        ))}
        {readOnly ? null : (
          <div>
            <Button onClick={() => setRules([...spec.rules, NEW_RULE])}>
              <Plus aria-hidden />
              Add a rule
            </Button>
          </div>
        )}
      </section>
      <IdentityFields {...props} />
      <RecordFields {...props} />
      <RequestFields {...props} />
    </fieldset>
  );
}
