"use client";

import type { DestinationField } from "../../../../../lib/streams/destinations/destination/schema.ts";
import { Checkbox } from "../../../../components/checkbox.tsx";
import { TextAreaField } from "../../../../components/form/field.tsx";
import { InputField } from "../../../../components/input.tsx";
import type { StreamDraft } from "./draft.ts";

/** A secret of a kind of destination. One that is kept is never shown: an empty field leaves it as it is. */
export function SecretField({
  field: { name, label, hint, input, placeholder },
  draft,
  change,
  isKept,
  error,
}: {
  field: DestinationField;
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  isKept: boolean;
  error: string | undefined;
}) {
  const id = `stream-secrets-${name}`;
  const isDropped = draft.dropped.includes(name);
  const common = {
    id,
    label,
    error,
    hint: isKept ? "Kept, sealed. Leave it empty to keep it." : hint,
    placeholder: isKept ? "••••••••" : placeholder,
    disabled: isDropped,
    value: isDropped ? "" : (draft.secrets[name] ?? ""),
  };
  const set = (value: string) => change({ secrets: { ...draft.secrets, [name]: value } });
  return (
    <div className="grid gap-1.5">
      {input === "lines" ? (
        <TextAreaField {...common} rows={3} onChange={(event) => set(event.target.value)} />
      ) : (
        <InputField
          {...common}
          type="password"
          autoComplete="new-password"
          spellCheck={false}
          onChange={(event) => set(event.target.value)}
        />
      )}
      {isKept ? (
        <label htmlFor={`${id}-drop`} className="flex items-center gap-2 text-fg-2 max-tablet:min-h-9">
          <Checkbox
            id={`${id}-drop`}
            checked={isDropped}
            onCheckedChange={(checked) =>
              change({
                dropped:
                  checked === true ? [...draft.dropped, name] : draft.dropped.filter((each) => each !== name),
              })
            }
          />
          Remove what is kept
        </label>
      ) : null}
    </div>
  );
}
