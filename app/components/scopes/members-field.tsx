"use client";

import { Plus, Trash2 } from "lucide-react";
import { Button } from "../button.tsx";
import { FieldNote } from "../field-note.tsx";
import type { FieldErrors, FieldWords } from "../form/field-errors.ts";
import { IconButton } from "../icon-button.tsx";
import { InputField } from "../input.tsx";
import { emptyDraft, type MemberDraft, type MemberField } from "./member-draft.ts";

/** The members of a project or a node pool, each a row of fields. */
export function MembersField({
  fields,
  noun,
  hint,
  value,
  onChange,
  errors,
}: {
  fields: readonly MemberField[];
  /** What one member is called: `Namespaces`. */
  noun: string;
  hint: string;
  value: readonly MemberDraft[];
  onChange: (value: readonly MemberDraft[]) => void;
  errors: FieldErrors;
}) {
  const change = (index: number, name: string, text: string) =>
    onChange(value.map((draft, at) => (at === index ? { ...draft, [name]: text } : draft)));
  return (
    <div className="grid gap-2">
      {value.map((draft, index) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: a member has no name but its place
          key={index}
          className="grid gap-2 rounded-2 border border-line p-2.5"
        >
          <legend className="sr-only">
            {noun} {index + 1}
          </legend>
          <div className="flex items-center">
            <span aria-hidden className="font-medium text-fg-2">
              {noun} {index + 1}
            </span>
            {value.length > 1 ? (
              <span className="ml-auto">
                <IconButton
                  label={`Remove ${noun.toLowerCase()} ${index + 1}`}
                  onClick={() => onChange(value.filter((_, at) => at !== index))}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              </span>
            ) : null}
          </div>
          <div className="grid grid-cols-2 items-start gap-2 max-tablet:grid-cols-1">
            {fields.map(({ name, label, placeholder }) => (
              <InputField
                key={name}
                id={`member-${index}-${name}`}
                label={label}
                autoComplete="off"
                spellCheck={false}
                placeholder={placeholder}
                value={draft[name] ?? ""}
                onChange={(event) => change(index, name, event.target.value)}
                error={errors.of(`members.${index}.${name}`)}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <FieldNote id="members" hint={hint} error={errors.of("members")} />
      <div>
        <Button onClick={() => onChange([...value, emptyDraft(fields)])}>
          <Plus aria-hidden />
          Add {noun.toLowerCase()}
        </Button>
      </div>
    </div>
  );
}

/** The names of all fields, as the API calls them. */
export function memberFieldNames(fields: readonly MemberField[], members: readonly MemberDraft[]): string[] {
  return ["members", ...members.flatMap((_, index) => fields.map(({ name }) => `members.${index}.${name}`))];
}

const LABELS = "Takes labels such as team=payments, with commas between.";

/** What the form says of refused labels; of names the API says it well. */
export function memberFieldWords(
  fields: readonly MemberField[],
  members: readonly MemberDraft[],
): FieldWords {
  const labels = fields.filter(({ holds }) => holds === "labels");
  return Object.fromEntries(
    members.flatMap((_, index) =>
      labels.map(({ name }) => [`members.${index}.${name}`, { refused: LABELS }] as const),
    ),
  );
}
