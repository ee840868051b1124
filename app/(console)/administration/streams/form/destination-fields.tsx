"use client";

import type { DestinationField } from "../../../../../lib/streams/destinations/destination/schema.ts";
import { findDestination } from "../../../../../lib/streams/destinations/schema.ts";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import { DestinationFieldInput } from "./destination-field-input.tsx";
import type { StreamDraft } from "./draft.ts";
import { Fold } from "./fold.tsx";
import { SecretField } from "./secret-field.tsx";

interface Props {
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  errors: FieldErrors;
  /** Names of the secrets that are kept now. */
  kept: readonly string[];
}

/** What a kind of destination is set to, and its secrets; what is seldom changed is folded away. */
export function DestinationFields(props: Props) {
  const described = findDestination(props.draft.kind);
  if (!described) return null;
  const { settingsFields, secretFields } = described;
  const folded = [
    ...settingsFields.filter(isAdvanced).map(({ name }) => `settings.${name}`),
    ...secretFields.filter(isAdvanced).map(({ name }) => `secrets.${name}`),
  ];
  return (
    <>
      <Some {...props} settings={settingsFields.filter(isPlain)} secrets={secretFields.filter(isPlain)} />
      {folded.length === 0 ? null : (
        <Fold
          title="More of the connection"
          open={folded.some((name) => props.errors.of(name) !== undefined)}
        >
          <Some
            {...props}
            settings={settingsFields.filter(isAdvanced)}
            secrets={secretFields.filter(isAdvanced)}
          />
        </Fold>
      )}
    </>
  );
}

const isAdvanced = ({ advanced }: DestinationField) => advanced === true;
const isPlain = ({ advanced }: DestinationField) => advanced !== true;

function Some({
  draft,
  change,
  errors,
  kept,
  settings,
  secrets,
}: Props & { settings: readonly DestinationField[]; secrets: readonly DestinationField[] }) {
  return (
    <>
      {settings.map((field) => (
        <DestinationFieldInput
          key={`${draft.kind}-${field.name}`}
          id={`stream-settings-${field.name}`}
          field={field}
          value={draft.settings[field.name] ?? ""}
          onChange={(value) => change({ settings: { ...draft.settings, [field.name]: value } })}
          error={errors.of(`settings.${field.name}`)}
        />
      ))}
      {secrets.map((field) => (
        <SecretField
          key={`${draft.kind}-${field.name}`}
          field={field}
          draft={draft}
          change={change}
          isKept={kept.includes(field.name)}
          error={errors.of(`secrets.${field.name}`)}
        />
      ))}
    </>
  );
}
