"use client";

import { useId } from "react";
import { type FieldSet, type FilterField, findField, operatorsOf } from "../../../../lib/filter/fields.ts";
import { Input } from "../../input.tsx";
import { Select } from "../../select.tsx";
import { problemOf } from "./builder-problem.ts";
import { type BuilderCondition, type BuilderOperator, takesNoValue, takesSeveral } from "./builder-tree.ts";
import { ValuePicker } from "./value-picker.tsx";

const WORDS: Record<BuilderOperator, string> = {
  "=": "is",
  "!=": "is not",
  "<": "is below",
  "<=": "is at most",
  ">": "is above",
  ">=": "is at least",
  ":": "contains",
  "=^": "begins with",
  "=$": "ends with",
  "not:": "does not contain",
  in: "is one of",
  "not in": "is none of",
  present: "has a value",
  absent: "has no value",
};
const TIME_WORDS: Partial<Record<BuilderOperator, string>> = {
  "<": "is before",
  "<=": "is until",
  ">": "is after",
  ">=": "is from",
};
const EXAMPLES: Partial<Record<FilterField["type"], string>> = {
  time: "2026-11-20, now-2h",
  duration: "250ms, 1.5s",
  number: "403",
};

/** Field, operator and value of one condition. */
export function BuilderConditionFields({
  condition,
  fields,
  onChange,
}: {
  condition: BuilderCondition;
  fields: FieldSet;
  onChange: (condition: BuilderCondition) => void;
}) {
  const field = findField(fields, condition.field);
  const problem = problemOf(condition, fields);
  const problemId = useId();
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 py-0.5">
      <Select
        label="Field"
        className="max-w-40"
        value={condition.field}
        options={fields.fields.map(({ name, label }) => ({ value: name, label }))}
        onValueChange={(name) => onChange(withField(condition, findField(fields, name)))}
      />
      {field ? (
        <Select
          label="Operator"
          value={condition.op}
          options={operatorsFor(field).map((op) => ({ value: op, label: wordFor(field, op) }))}
          onValueChange={(op) => onChange(withOperator(condition, op as BuilderOperator))}
        />
      ) : null}
      {field && !takesNoValue(condition.op) ? (
        <ConditionValue
          condition={condition}
          field={field}
          problemId={problem ? problemId : undefined}
          onChange={onChange}
        />
      ) : null}
      <p id={problemId} role="status" className="w-full text-fail empty:hidden">
        {problem}
      </p>
    </div>
  );
}

function ConditionValue({
  condition,
  field,
  problemId,
  onChange,
}: {
  condition: BuilderCondition;
  field: FilterField;
  /** Where it says what is wrong with the value. */
  problemId: string | undefined;
  onChange: (condition: BuilderCondition) => void;
}) {
  const example = EXAMPLES[field.type];
  if (example && !takesSeveral(condition.op)) {
    return (
      <Input
        aria-label={`Value of ${field.label}`}
        aria-invalid={problemId ? true : undefined}
        aria-describedby={problemId}
        className="mono w-40 flex-1"
        placeholder={example}
        value={condition.values[0] ?? ""}
        onChange={(event) =>
          onChange({ ...condition, values: event.target.value ? [event.target.value] : [] })
        }
      />
    );
  }
  return (
    <ValuePicker
      label={field.label}
      known={field.values ?? []}
      free={!field.closed}
      several={takesSeveral(condition.op)}
      values={condition.values}
      onChange={(values) => onChange({ ...condition, values })}
    />
  );
}

function operatorsFor(field: FilterField): BuilderOperator[] {
  return operatorsOf(field).flatMap((op): BuilderOperator[] => {
    if (op === ":") return [":", "not:"];
    if (op === "in") return ["in", "not in"];
    return op === "present" ? (field.nullable ? ["present", "absent"] : []) : [op];
  });
}

function wordFor(field: FilterField, op: BuilderOperator): string {
  return (field.type === "time" ? TIME_WORDS[op] : undefined) ?? WORDS[op];
}

function withField(condition: BuilderCondition, field: FilterField | undefined): BuilderCondition {
  if (!field) return condition;
  const operators = operatorsFor(field);
  const op = operators.includes(condition.op) ? condition.op : (operators[0] ?? "=");
  return { ...condition, field: field.name, op, values: [] };
}

function withOperator(condition: BuilderCondition, op: BuilderOperator): BuilderCondition {
  const values = takesNoValue(op) ? [] : takesSeveral(op) ? condition.values : condition.values.slice(0, 1);
  return { ...condition, op, values };
}
