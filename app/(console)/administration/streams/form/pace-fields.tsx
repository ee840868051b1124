"use client";

import { findDestination } from "../../../../../lib/streams/destinations/schema.ts";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import { InputField } from "../../../../components/input.tsx";
import type { StreamDraft } from "./draft.ts";
import { Fold } from "./fold.tsx";

const BOUNDS = [
  { key: "records", label: "Records" },
  { key: "bytes", label: "Bytes" },
  { key: "seconds", label: "Seconds" },
] as const;

/** How fast it sends, and in what batches. */
export function PaceFields({
  draft,
  change,
  errors,
}: {
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  errors: FieldErrors;
}) {
  const usual = findDestination(draft.kind)?.batch;
  const isWrong = ["rateLimit", ...BOUNDS.map(({ key }) => `batch.${key}`)].some(
    (field) => errors.of(field) !== undefined,
  );
  return (
    <Fold title="Rate and batches" open={isWrong}>
      <InputField
        id="stream-rate"
        label="Records a second at most"
        hint="Empty: as fast as the destination takes them."
        inputMode="numeric"
        autoComplete="off"
        value={draft.rateLimit}
        onChange={(event) => change({ rateLimit: event.target.value })}
        error={errors.of("rateLimit")}
      />
      <fieldset className="grid grid-cols-1 gap-1.5">
        <legend className="mb-1 font-medium text-fg-2">A batch is sent at</legend>
        <div className="grid grid-cols-3 items-start gap-2">
          {BOUNDS.map(({ key, label }) => (
            <InputField
              key={key}
              id={`stream-batch-${key}`}
              label={label}
              inputMode="numeric"
              autoComplete="off"
              placeholder={usual?.[key].toString()}
              value={draft.batch[key]}
              onChange={(event) => change({ batch: { ...draft.batch, [key]: event.target.value } })}
              error={errors.of(`batch.${key}`)}
            />
          ))}
        </div>
      </fieldset>
    </Fold>
  );
}
