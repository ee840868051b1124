"use client";

import type { WallTime } from "../../../components/audit/range/wall-time.ts";
import { SelectField } from "../../../components/form/field.tsx";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import { MomentField } from "../../../components/time/moment-field.tsx";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { EXPIRIES } from "./expiry.ts";

export interface ExpiryDraft {
  expiry: string;
  until: WallTime;
}

/** When a grant ends: after a time, on a day, or when it is revoked. */
export function ExpiryFields({
  value: { expiry, until },
  onChange,
  errors,
}: {
  value: ExpiryDraft;
  onChange: (change: Partial<ExpiryDraft>) => void;
  errors: FieldErrors;
}) {
  const { timeZone } = useTimeZoneChoice();
  return (
    <div className="grid grid-cols-2 items-start gap-2">
      <SelectField
        id="grant-expiry"
        label="Expires"
        value={expiry}
        onValueChange={(next) => onChange({ expiry: next })}
        options={EXPIRIES}
        error={expiry === "at" ? undefined : errors.of("expiresAt")}
      />
      {expiry === "at" ? (
        <MomentField
          id="grant-until"
          label="On"
          firstDay={new Date()}
          hint={timeZone ?? undefined}
          value={until}
          onChange={(next) => onChange({ until: next })}
          error={errors.of("expiresAt")}
        />
      ) : null}
    </div>
  );
}
