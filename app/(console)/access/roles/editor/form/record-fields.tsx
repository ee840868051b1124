"use client";

import { RecordingPolicy } from "../../../../../../lib/access/policy/schema.ts";
import { Checkbox } from "../../../../../components/checkbox.tsx";
import { SelectField } from "../../../../../components/form/field.tsx";
import { RECORDING_WORDS } from "../../recording-words.ts";
import type { SectionProps } from "./role-form.tsx";

const READS = [
  { value: "default", label: "As the installation is set" },
  { value: "true", label: "Recorded" },
  { value: "false", label: "Not recorded" },
];

/** What of the role's calls and sessions is kept. */
export function RecordFields({ document, onChange }: SectionProps) {
  const { spec } = document;
  const { recording, auditReads } = spec;
  const set = (change: Partial<typeof spec>) => onChange({ ...document, spec: { ...spec, ...change } });
  return (
    <section aria-labelledby="on-the-record" className="grid max-w-[720px] gap-3">
      <h2 id="on-the-record" className="text-meta font-medium text-fg-3">
        On the record
      </h2>
      <div className="grid grid-cols-2 items-start gap-3 max-tablet:grid-cols-1">
        <SelectField
          id="role-recording-mode"
          label="Sessions"
          value={recording.mode}
          onValueChange={(mode) => set({ recording: { ...recording, mode: RecordingPolicy.parse(mode) } })}
          options={RecordingPolicy.options.map((value) => ({ value, label: RECORDING_WORDS[value].label }))}
          hint={RECORDING_WORDS[recording.mode].meaning}
        />
        <SelectField
          id="role-audit-reads"
          label="get, list and watch"
          value={auditReads === undefined ? "default" : String(auditReads)}
          onValueChange={(value) => set({ auditReads: value === "default" ? undefined : value === "true" })}
          options={READS}
        />
      </div>
      {recording.mode === "off" ? null : (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
        <label className="flex cursor-pointer items-start gap-2">
          <Checkbox
            className="mt-0.5"
            checked={recording.input}
            onCheckedChange={(next) => set({ recording: { ...recording, input: next === true } })}
          />
          <span className="text-fg-2">Also what is typed, passwords among it</span>
        </label>
      )}
    </section>
  );
}
