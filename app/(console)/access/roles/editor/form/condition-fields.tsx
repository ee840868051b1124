"use client";

import type { RuleConditions } from "../../../../../../lib/access/policy/conditions/schema.ts";
import type { PolicyRule } from "../../../../../../lib/access/policy/schema.ts";
import { TextAreaField } from "../../../../../components/form/field.tsx";
import { InputField } from "../../../../../components/input.tsx";
import { ListField } from "./list-field.tsx";

type TextKey = "timeZone" | "secondFactorWithin" | "expression";
type ListKey = "networks" | "weekdays" | "accessMethods";

/** Under which circumstances a rule counts; what is left empty is not asked for. */
export function ConditionFields({
  index,
  rule,
  error,
  onChange,
}: {
  index: number;
  rule: PolicyRule;
  error: (key: string) => string | undefined;
  onChange: (rule: PolicyRule) => void;
}) {
  const when: RuleConditions = rule.when ?? {};
  const set = (change: Partial<RuleConditions>) => {
    const given = Object.entries({ ...when, ...change }).filter(([, value]) => value !== undefined);
    const next = given.length === 0 ? undefined : (Object.fromEntries(given) as RuleConditions);
    onChange({ ...rule, when: next });
  };
  const text = (key: TextKey, label: string) => ({
    id: `rule-${index}-${key}`,
    label,
    value: when[key] ?? "",
    error: error(key),
    onChange: (event: { target: { value: string } }) => set({ [key]: event.target.value || undefined }),
  });
  const list = (key: ListKey, label: string, placeholder: string) => ({
    id: `rule-${index}-${key}`,
    label,
    placeholder,
    value: [...(when[key] ?? [])],
    error: error(key),
    onChange: (value: string[]) => set({ [key]: value.length === 0 ? undefined : value }),
  });
  const hours = (key: "from" | "to", label: string, placeholder: string) => ({
    id: `rule-${index}-hours-${key}`,
    label,
    placeholder,
    value: when.hours?.[key] ?? "",
    error: error(`hours.${key}`),
    onChange: (event: { target: { value: string } }) => {
      const next = { from: "", to: "", ...when.hours, [key]: event.target.value };
      set({ hours: next.from === "" && next.to === "" ? undefined : next });
    },
  });
  return (
    <div className="mt-2 grid grid-cols-2 items-start gap-2 max-tablet:grid-cols-1">
      <ListField {...list("networks", "Only from these networks", "10.0.0.0/8")} />
      <ListField {...list("accessMethods", "Only by", "CLI, Browser")} />
      <div className="grid grid-cols-2 gap-2">
        <InputField {...hours("from", "Only from", "08:00")} />
        <InputField {...hours("to", "To", "18:00")} />
      </div>
      <ListField {...list("weekdays", "Only on", "mon, tue, wed, thu, fri")} />
      <InputField {...text("timeZone", "Time zone of hours and days")} placeholder="Europe/Berlin" />
      <InputField {...text("secondFactorWithin", "Second factor shown within")} placeholder="15m" />
      <div className="col-span-full">
        <TextAreaField
          {...text("expression", "Only where this holds (CEL)")}
          rows={2}
          hint="Over request, user, cluster and now."
        />
      </div>
    </div>
  );
}
