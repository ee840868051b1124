"use client";

import { StreamSurface, SURFACE_TITLES } from "../../../../../lib/streams/surfaces/schema.ts";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import { InputField } from "../../../../components/input.tsx";
import { Segmented } from "../../../../components/segmented.tsx";
import { MomentField } from "../../../../components/time/moment-field.tsx";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import type { StreamDraft } from "./draft.ts";

const OPTIONS = [
  { value: "now", label: "Now" },
  { value: "number", label: "A number" },
  { value: "time", label: "A time" },
] as const;

/** Where a new stream begins. */
export function StartFields({
  draft: { start, surfaces },
  change,
  errors,
}: {
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  errors: FieldErrors;
}) {
  const { timeZone } = useTimeZoneChoice();
  const set = (part: Partial<StreamDraft["start"]>) => change({ start: { ...start, ...part } });
  return (
    <fieldset className="grid grid-cols-1 gap-2">
      <legend className="mb-1.5 font-medium text-fg-2">Begin with</legend>
      <Segmented
        label="Begin with"
        value={start.from}
        onValueChange={(from) => set({ from })}
        options={OPTIONS}
      />
      {start.from === "now" ? (
        <p className="text-fg-3">
          What is recorded from now on. What is on the record already can be sent later.
        </p>
      ) : null}
      {start.from === "number" ? (
        <div className="grid grid-cols-3 items-start gap-2 max-tablet:grid-cols-1">
          {StreamSurface.options
            .filter((surface) => surfaces[surface].sent)
            .map((surface) => (
              <InputField
                key={surface}
                id={`stream-start-${surface}`}
                label={`${SURFACE_TITLES[surface]}, No`}
                inputMode="numeric"
                autoComplete="off"
                placeholder="From now on"
                value={start.numbers[surface]}
                onChange={(event) => set({ numbers: { ...start.numbers, [surface]: event.target.value } })}
                error={errors.of(`start.${surface}`)}
              />
            ))}
        </div>
      ) : null}
      {start.from === "time" ? (
        <MomentField
          id="stream-start-time"
          label="Recorded since"
          hint={timeZone ?? undefined}
          value={start.at}
          onChange={(at) => set({ at })}
          error={errors.of("start.time")}
        />
      ) : null}
    </fieldset>
  );
}
