"use client";

import { Checkbox } from "../../../components/checkbox.tsx";
import { TextAreaField } from "../../../components/form/field.tsx";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import { InputField } from "../../../components/input.tsx";

export interface TrustDraft {
  certificateAuthority: string;
  tlsServerName: string;
  insecureSkipTlsVerify: boolean;
}

/** What the gateway knows the API server by. */
export function TrustFields({
  draft,
  onChange,
  errors,
}: {
  draft: TrustDraft;
  onChange: (change: Partial<TrustDraft>) => void;
  errors: FieldErrors;
}) {
  return (
    <>
      <TextAreaField
        id="cluster-authority"
        label="Certificate authority"
        rows={4}
        placeholder="-----BEGIN CERTIFICATE-----"
        hint="PEM. Empty: the authorities that the gateway’s machine trusts."
        value={draft.certificateAuthority}
        onChange={(event) => onChange({ certificateAuthority: event.target.value })}
        error={errors.of("certificateAuthority")}
      />
      <InputField
        id="cluster-server-name"
        label="Name in the certificate"
        autoComplete="off"
        spellCheck={false}
        hint="Only where it is not the endpoint’s."
        value={draft.tlsServerName}
        onChange={(event) => onChange({ tlsServerName: event.target.value })}
        error={errors.of("tlsServerName")}
      />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
      <label className="flex items-start gap-2 text-fg-2">
        <Checkbox
          className="mt-px"
          checked={draft.insecureSkipTlsVerify}
          onCheckedChange={(next) => onChange({ insecureSkipTlsVerify: next === true })}
        />
        <span>
          Do not check the certificate
          <span className="block text-warn">
            {draft.insecureSkipTlsVerify
              ? "Whoever is between the gateway and the cluster can read and change every call."
              : null}
          </span>
        </span>
      </label>
    </>
  );
}
