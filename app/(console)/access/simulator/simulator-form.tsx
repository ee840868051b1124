"use client";

import { RESOURCES, VERBS } from "../../../../lib/audit/columns/request-audit/values/schema.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField } from "../../../components/form/field.tsx";
import { SuggestField } from "../../../components/form/suggest-field.tsx";
import { InputField } from "../../../components/input.tsx";
import { useSubjectSuggestions } from "../subjects/use-subject-suggestions.ts";
import { useClusters } from "../use-clusters.ts";
import type { AskedCall } from "./asked-call.ts";
import { CircumstanceFields } from "./circumstance-fields.tsx";
import { Group, Pair, type SimulatorFormProps } from "./form-layout.tsx";
import { usualGroupOf } from "./usual-groups.ts";

const KINDS = [
  { value: "user", label: "Person" },
  { value: "application", label: "Application" },
];
const suggest = (values: readonly string[]) => values.map((value) => ({ value }));

/** Who would call what, where, and under which circumstances. */
export function SimulatorForm({ draft, onChange, onAsk, errors, mayAskOfOthers }: SimulatorFormProps) {
  const clusters = useClusters().data?.clusters ?? [];
  const { suggestions } = useSubjectSuggestions({
    kind: draft.kind === "user" ? "user" : "application",
    typed: draft.subject,
    provider: "",
    enabled: mayAskOfOthers,
  });
  const field = (key: keyof AskedCall, apiField: string) => ({
    id: `simulate-${key}`,
    value: draft[key],
    error: errors.of(apiField),
  });
  const text = (key: keyof AskedCall, apiField: string) => ({
    ...field(key, apiField),
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => onChange({ [key]: event.target.value }),
  });
  return (
    <form
      noValidate
      aria-label="The call"
      className="grid content-start gap-5 border-line px-4 py-4 max-laptop:border-b laptop:border-r"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      {mayAskOfOthers ? (
        <Group title="Who">
          <div className="grid grid-cols-[116px_minmax(0,1fr)] items-start gap-2">
            <SelectField
              id="simulate-kind"
              label="A"
              value={draft.kind}
              onValueChange={(kind) => onChange({ kind, subject: "", provider: "" })}
              options={KINDS}
            />
            <SuggestField
              {...field("subject", "subject")}
              label={draft.kind === "user" ? "Email" : "Name"}
              hint="Empty: yourself."
              onChange={(subject) => onChange({ subject, provider: "" })}
              suggestions={suggestions}
            />
          </div>
        </Group>
      ) : null}
      <Group title="What">
        <Pair>
          <SuggestField
            {...field("verb", "verb")}
            label="Verb"
            onChange={(verb) => onChange({ verb })}
            suggestions={suggest(VERBS)}
          />
          <SuggestField
            {...field("resource", "resource")}
            label="Resource"
            placeholder="pods/exec"
            onChange={(resource) => onChange({ resource, group: usualGroupOf(resource) ?? draft.group })}
            suggestions={suggest(RESOURCES)}
          />
        </Pair>
        <Pair>
          <InputField {...text("group", "apiGroup")} label="API group" hint="Empty: the core group." />
          <InputField {...text("name", "name")} label="Object’s name" hint="Empty: none." />
        </Pair>
        {draft.resource === "" ? (
          <InputField {...text("path", "path")} label="Or a path" placeholder="/metrics" />
        ) : null}
      </Group>
      <Group title="Where">
        <Pair>
          <SuggestField
            {...field("cluster", "cluster")}
            label="Cluster"
            onChange={(cluster) => onChange({ cluster })}
            suggestions={suggest(clusters.map(({ name }) => name))}
          />
          <InputField {...text("namespace", "namespace")} label="Namespace" hint="Empty: all, or none." />
        </Pair>
      </Group>
      <Group title="In whose name">
        <Pair>
          <InputField {...text("as", "as")} label="--as" hint="Empty: their own." />
          <InputField {...text("asGroup", "asGroups")} label="--as-group" hint="Several with commas." />
        </Pair>
      </Group>
      <CircumstanceFields draft={draft} onChange={onChange} errors={errors} text={text} />
      <Button type="submit" look="primary">
        Ask
      </Button>
    </form>
  );
}
