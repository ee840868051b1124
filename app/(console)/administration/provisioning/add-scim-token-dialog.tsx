"use client";

import { useState } from "react";
import { CreatedScimToken } from "../../../../lib/identity/scim/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";

export interface ProviderChoice {
  id: string;
  name: string;
}

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { value: "revoked", label: "Until it is revoked" },
  { value: String(90 * DAY_MS), label: "90 days" },
  { value: String(365 * DAY_MS), label: "1 year" },
  { value: String(730 * DAY_MS), label: "2 years" },
];

/** Makes a token for an identity provider's SCIM client; it is shown once. */
export function AddScimTokenDialog({
  open,
  onOpenChange,
  providers,
  onCreated,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  providers: readonly ProviderChoice[];
  onCreated: (token: CreatedScimToken) => void;
}) {
  const [name, setName] = useState("");
  const [provider, setProvider] = useState(providers[0]?.id ?? "");
  const [lifetime, setLifetime] = useState("revoked");
  async function submit() {
    const lifetimeMs = lifetime === "revoked" ? null : Number(lifetime);
    onCreated(
      await sendJson("/api/v1/scim-tokens", CreatedScimToken, "POST", { name, provider, lifetimeMs }),
    );
    setName("");
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Make SCIM token"
      description="Whoever has it makes, changes and deactivates the people and groups of this identity provider, and no other’s."
      verb="Make token"
      fields={["name", "provider", "lifetimeMs"]}
      draft={[name, provider, lifetime]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="scim-token-name"
            label="Name"
            autoComplete="off"
            hint="Events call it so: such as Entra ID."
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={errors.of("name")}
          />
          <SelectField
            id="scim-token-provider"
            label="Identity provider"
            value={provider}
            onValueChange={setProvider}
            options={providers.map(({ id, name: label }) => ({ value: id, label: `${label} (${id})` }))}
            error={errors.of("provider")}
          />
          <SelectField
            id="scim-token-lifetime"
            label="Counts"
            value={lifetime}
            onValueChange={setLifetime}
            options={LIFETIMES}
            error={errors.of("lifetimeMs")}
          />
        </>
      )}
    </FormDialog>
  );
}
