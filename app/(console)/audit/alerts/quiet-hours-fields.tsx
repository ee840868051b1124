import { Checkbox } from "../../../components/checkbox.tsx";
import { InputField } from "../../../components/input.tsx";
import type { AlertDraft } from "./alert-draft.ts";

/** Hours at which nothing is sent. */
export function QuietHoursFields({
  draft,
  onChange,
  timeZone,
  error,
}: {
  draft: AlertDraft;
  onChange: (change: Partial<AlertDraft>) => void;
  timeZone: string;
  error: string | undefined;
}) {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="sr-only">Quiet hours</legend>
      <label
        htmlFor="alert-quiet"
        className="flex items-center gap-2 font-medium text-fg-2 max-tablet:min-h-9"
      >
        <Checkbox
          id="alert-quiet"
          checked={draft.isQuiet}
          onCheckedChange={(checked) => onChange({ isQuiet: checked === true })}
        />
        Quiet hours
      </label>
      {draft.isQuiet ? (
        <>
          <div className="grid grid-cols-2 gap-3">
            <InputField
              id="alert-quiet-from"
              label="From"
              type="time"
              value={draft.quietFrom}
              onChange={(event) => onChange({ quietFrom: event.target.value })}
              error={error}
            />
            <InputField
              id="alert-quiet-to"
              label="To"
              type="time"
              value={draft.quietTo}
              onChange={(event) => onChange({ quietTo: event.target.value })}
            />
          </div>
          <p className="text-fg-3">
            By the clocks of {timeZone}. What happens meanwhile is told in one message afterwards.
          </p>
        </>
      ) : null}
    </fieldset>
  );
}
