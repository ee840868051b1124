"use client";

import { useRef, useState } from "react";
import { EVENT_HISTORY_FIELDS, EventEntry } from "../../../../../lib/audit/event-history/schema.ts";
import { RECORDING_FIELDS, RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";
import { REQUEST_AUDIT_FIELDS, RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import type { FieldSet } from "../../../../../lib/filter/fields.ts";
import { parseFilter } from "../../../../../lib/filter/parse.ts";
import { StreamSurface, SURFACE_TITLES } from "../../../../../lib/streams/surfaces/schema.ts";
import { QueryBar } from "../../../../components/audit/query/query-bar.tsx";
import { Checkbox } from "../../../../components/checkbox.tsx";
import { FieldNote } from "../../../../components/field-note.tsx";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import type { StreamDraft, SurfaceDraft } from "./draft.ts";
import { Fold } from "./fold.tsx";

const SURFACES: Readonly<
  Record<StreamSurface, { fields: FieldSet; told: readonly string[]; example: string }>
> = {
  requests: {
    fields: REQUEST_AUDIT_FIELDS,
    told: Object.keys(RequestAuditEntry.shape),
    example: 'resource = "secrets"',
  },
  events: { fields: EVENT_HISTORY_FIELDS, told: Object.keys(EventEntry.shape), example: 'status = "Failed"' },
  recordings: { fields: RECORDING_FIELDS, told: Object.keys(RecordingEntry.shape), example: 'kind = "exec"' },
};

/** What of the record is sent: its surfaces, each with a filter and the fields left out. */
export function SurfaceFields({
  draft,
  change,
  errors,
}: {
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  errors: FieldErrors;
}) {
  const general = errors.of("surfaces");
  return (
    <fieldset className="grid grid-cols-1 gap-2">
      <legend className="mb-1.5 font-medium text-fg-2">What is sent</legend>
      {StreamSurface.options.map((surface) => (
        <SurfaceChoiceFields
          key={surface}
          surface={surface}
          value={draft.surfaces[surface]}
          onChange={(value) => change({ surfaces: { ...draft.surfaces, [surface]: value } })}
          errors={errors}
        />
      ))}
      {general ? (
        <p role="alert" className="text-fail">
          {general}
        </p>
      ) : null}
    </fieldset>
  );
}

function SurfaceChoiceFields({
  surface,
  value,
  onChange,
  errors,
}: {
  surface: StreamSurface;
  value: SurfaceDraft;
  onChange: (value: SurfaceDraft) => void;
  errors: FieldErrors;
}) {
  const { fields, told, example } = SURFACES[surface];
  const input = useRef<HTMLInputElement>(null);
  const [before] = useState(value.filter);
  const parsed = parseFilter(value.filter, fields);
  const id = `stream-surface-${surface}`;
  const leaveOutError = errors.of(`surfaces.${surface}.leaveOut`);
  return (
    <fieldset
      aria-label={SURFACE_TITLES[surface]}
      className="grid grid-cols-1 gap-2 rounded-2 border border-line px-3 py-2"
    >
      <label htmlFor={id} className="flex items-center gap-2 font-medium text-fg">
        <Checkbox
          id={id}
          checked={value.sent}
          onCheckedChange={(checked) => onChange({ ...value, sent: checked === true })}
        />
        {SURFACE_TITLES[surface]}
      </label>
      {value.sent ? (
        <>
          <div className="grid grid-cols-1 gap-1">
            <QueryBar
              applied={before}
              draft={value.filter}
              onDraft={(filter) => onChange({ ...value, filter })}
              onApply={() => undefined}
              fields={fields}
              error={parsed.ok ? null : parsed.error}
              count={null}
              inputRef={input}
              example={example}
              hasButton={false}
            />
            <FieldNote
              id={`${id}-filter`}
              hint={value.filter.trim() === "" ? "Without a filter all of it is sent." : undefined}
              error={errors.of(`surfaces.${surface}.filter`)}
            />
          </div>
          <Fold
            title={
              value.leaveOut.length === 0
                ? "Fields left out: none"
                : `Fields left out: ${value.leaveOut.join(", ")}`
            }
            open={leaveOutError !== undefined}
          >
            <ul
              className="grid grid-cols-3 gap-x-3 gap-y-1 max-tablet:grid-cols-1"
              aria-label="Fields left out"
            >
              {told
                .filter((key) => key !== "no")
                .map((key) => (
                  <li key={key}>
                    <label htmlFor={`${id}-${key}`} className="flex items-center gap-2 max-tablet:min-h-9">
                      <Checkbox
                        id={`${id}-${key}`}
                        checked={value.leaveOut.includes(key)}
                        onCheckedChange={(checked) =>
                          onChange({
                            ...value,
                            leaveOut:
                              checked === true
                                ? [...value.leaveOut, key]
                                : value.leaveOut.filter((each) => each !== key),
                          })
                        }
                      />
                      <span className="mono cut" title={key}>
                        {key}
                      </span>
                    </label>
                  </li>
                ))}
            </ul>
            <FieldNote id={`${id}-leave-out`} error={leaveOutError} />
          </Fold>
        </>
      ) : null}
    </fieldset>
  );
}
