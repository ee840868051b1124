"use client";

import { Checkbox } from "../../../components/checkbox.tsx";
import { FieldNote } from "../../../components/field-note.tsx";
import { SelectField, TextAreaField } from "../../../components/form/field.tsx";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import { InputField } from "../../../components/input.tsx";
import type { Draft } from "./draft.ts";
import { KINDS } from "./kinds.ts";

const KIND_OPTIONS = Object.entries(KINDS).map(([value, label]) => ({ value, label }));

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: FieldErrors;
  isNew: boolean;
}

type TextField = { [Key in keyof Draft]: Draft[Key] extends string ? Key : never }[keyof Draft];
type FlagField = { [Key in keyof Draft]: Draft[Key] extends boolean ? Key : never }[keyof Draft];

/** What a provider is set to; what is seldom changed is folded away. */
export function ProviderFields({ draft, change, errors, isNew }: FieldsProps) {
  const isOidc = draft.kind === "oidc";
  const input = (
    field: TextField,
    label: string,
    hint?: string,
    extra: { type?: string; disabled?: boolean } = {},
  ) => (
    <InputField
      id={`provider-${field}`}
      label={label}
      hint={hint}
      autoComplete="off"
      spellCheck={false}
      value={draft[field]}
      onChange={(event) => change({ [field]: event.target.value })}
      error={errors.of(field)}
      {...extra}
    />
  );
  const flag = (field: FlagField, label: string, hint: string) => (
    <Flag field={field} label={label} hint={hint} draft={draft} change={change} error={errors.of(field)} />
  );
  return (
    <>
      {isNew ? (
        <SelectField
          id="provider-kind"
          label="Kind"
          value={draft.kind}
          onValueChange={(kind) => change({ kind: kind as Draft["kind"] })}
          options={KIND_OPTIONS}
          error={errors.of("kind")}
        />
      ) : null}
      {isNew
        ? input(
            "id",
            "ID",
            "Lower case, for example partner. It is in the addresses that the provider is told.",
          )
        : null}
      {input("name", "Name", "What the button of the sign-in page says after “Continue with”.")}
      {isOidc
        ? input("issuer", "Issuer", "The provider’s https address; its openid-configuration is read there.", {
            disabled: !isNew,
          })
        : input("issuer", "Entity ID", "As the provider’s metadata has it.", { disabled: !isNew })}
      {isOidc
        ? input("clientId", "Client ID")
        : input("metadataUrl", "Metadata address", "Read at each sign-in, so that its keys may change.")}
      {isOidc ? (
        input("clientSecret", "Client secret", isNew ? undefined : "Left empty, the secret stays.", {
          type: "password",
        })
      ) : (
        <TextAreaField
          id="provider-metadata"
          label="Or its metadata"
          hint="XML; it counts before an address."
          rows={4}
          value={draft.metadata}
          onChange={(event) => change({ metadata: event.target.value })}
          error={errors.of("metadata")}
        />
      )}
      <Fold title="Who may sign in, and as what" open={hasError(errors, WHO)}>
        {input("allowedDomains", "Domains", "Of addresses, with commas between them; none: every domain.")}
        {input("administratorGroups", "Administrators", "Groups whose members manage this installation.")}
        {input("auditorGroups", "Auditors", "Groups whose members read the whole record.")}
        {isOidc
          ? null
          : flag(
              "emailVerified",
              "Addresses are verified",
              "Nobody can choose the address that this provider says of them.",
            )}
        {flag(
          "linkVerifiedEmail",
          "Same verified address is the same person",
          "Who signs in here is the person of another provider with that address, where both say it is verified.",
        )}
        {input(
          "formerIssuer",
          "Replaces",
          "Issuer of the provider that this one replaces: its people are known again by their address.",
        )}
      </Fold>
      <Fold title={isOidc ? "Claims and signing out" : "Attributes"} open={hasError(errors, MAPPING)}>
        {isOidc
          ? input("scopes", "Scopes", "With spaces between them; none: those that the provider lists.")
          : null}
        {isOidc
          ? input("nameClaim", "Name claim")
          : input("nameAttribute", "Name attribute", "None: the usual ones.")}
        {isOidc
          ? input("emailClaim", "E-mail claim")
          : input("emailAttribute", "E-mail attribute", "None: the usual ones.")}
        {isOidc ? input("groupsClaim", "Groups claim") : input("groupsAttribute", "Groups attribute")}
        <TextAreaField
          id="provider-groupNames"
          label="Group names"
          hint="One a line, id = name: what groups are called whose claim has ids (Entra ID)."
          rows={3}
          value={draft.groupNames}
          onChange={(event) => change({ groupNames: event.target.value })}
          error={errors.of("groupNames")}
        />
        {isOidc
          ? flag(
              "signOutAtProvider",
              "Sign out there, too",
              "Signing out leads to the provider’s own sign-out.",
            )
          : null}
      </Fold>
    </>
  );
}

const WHO = [
  "allowedDomains",
  "administratorGroups",
  "auditorGroups",
  "formerIssuer",
  "linkVerifiedEmail",
  "emailVerified",
];
const MAPPING = [
  "scopes",
  "nameClaim",
  "emailClaim",
  "groupsClaim",
  "nameAttribute",
  "emailAttribute",
  "groupsAttribute",
  "groupNames",
];

const hasError = (errors: FieldErrors, fields: readonly string[]) =>
  fields.some((field) => errors.of(field) !== undefined);

/** Opens by itself where something in it is wrong. */
function Fold({ title, open, children }: { title: string; open: boolean; children: React.ReactNode }) {
  return (
    <details open={open || undefined} className="rounded-2 border border-line px-3 py-2">
      <summary className="cursor-pointer font-medium text-fg-2">{title}</summary>
      <div className="mt-2.5 grid gap-3.5">{children}</div>
    </details>
  );
}

function Flag({
  field,
  label,
  hint,
  draft,
  change,
  error,
}: { field: FlagField; label: string; hint: string; error: string | undefined } & Pick<
  FieldsProps,
  "draft" | "change"
>) {
  const id = `provider-${field}`;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="flex items-center gap-2 font-medium text-fg-2">
        <Checkbox
          id={id}
          checked={draft[field]}
          onCheckedChange={(checked) => change({ [field]: checked === true })}
        />
        {label}
      </label>
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}
