"use client";

import type { ClusterView } from "../../../../lib/clusters/schema.ts";
import { SelectField, TextAreaField } from "../../../components/form/field.tsx";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import { InputField } from "../../../components/input.tsx";

/** The kinds of credentials, in words. */
export const CREDENTIALS: Record<ClusterView["credentialKind"], string> = {
  none: "None",
  token: "Token",
  tokenFile: "Token file",
  clientCertificate: "Client certificate",
  exec: "Credential plugin",
};

/** What the form knows of a credential. Plugins come with a kubeconfig only: they name a program. */
export interface CredentialDraft {
  kind: "keep" | "token" | "tokenFile" | "clientCertificate" | "none";
  token: string;
  path: string;
  certificate: string;
  key: string;
}

export const NO_CREDENTIAL: CredentialDraft = {
  kind: "token",
  token: "",
  path: "",
  certificate: "",
  key: "",
};

/** The draft as the API takes it; undefined leaves the credential as it is. */
export function toCredential({ kind, token, path, certificate, key }: CredentialDraft): object | undefined {
  if (kind === "keep") return undefined;
  if (kind === "token") return { kind, token: token.trim() };
  if (kind === "tokenFile") return { kind, path: path.trim() };
  if (kind === "clientCertificate") return { kind, certificate, key };
  return { kind };
}

export const CREDENTIAL_FIELDS = ["token", "path", "certificate", "key"].map((name) => `credential.${name}`);

/** How the gateway proves itself to the cluster. */
export function CredentialForm({
  draft,
  onChange,
  errors,
  kept,
  anew,
}: {
  draft: CredentialDraft;
  onChange: (change: Partial<CredentialDraft>) => void;
  errors: FieldErrors;
  /** The kind that is there already and can stay. */
  kept: ClusterView["credentialKind"] | null;
  /** What the stored one was given for has changed. */
  anew: boolean;
}) {
  const options = [
    ...(kept ? [{ value: "keep", label: `Keep: ${CREDENTIALS[kept].toLowerCase()}` }] : []),
    { value: "token", label: "Service account token" },
    { value: "clientCertificate", label: "Client certificate" },
    { value: "tokenFile", label: "Token file on the gateway’s machine" },
    { value: "none", label: "None" },
  ];
  return (
    <>
      <SelectField
        id="cluster-credential"
        label="Credential"
        hint={
          anew
            ? "The stored one was given for the endpoint, authority and TLS settings from before. Give it again for these."
            : "It needs the right to impersonate. It is kept sealed and never shown again."
        }
        value={draft.kind}
        onValueChange={(kind) => onChange({ kind: kind as CredentialDraft["kind"] })}
        options={options}
        error={errors.of("credential")}
      />
      {draft.kind === "token" ? (
        <InputField
          id="cluster-token"
          label="Token"
          type="password"
          autoComplete="off"
          value={draft.token}
          onChange={(event) => onChange({ token: event.target.value })}
          error={errors.of("credential.token")}
        />
      ) : null}
      {draft.kind === "tokenFile" ? (
        <InputField
          id="cluster-token-file"
          label="Path"
          autoComplete="off"
          spellCheck={false}
          placeholder="/var/run/secrets/kubernetes.io/serviceaccount/token"
          value={draft.path}
          onChange={(event) => onChange({ path: event.target.value })}
          error={errors.of("credential.path")}
        />
      ) : null}
      {draft.kind === "clientCertificate" ? (
        <>
          <TextAreaField
            id="cluster-certificate"
            label="Client certificate"
            rows={4}
            placeholder="-----BEGIN CERTIFICATE-----"
            value={draft.certificate}
            onChange={(event) => onChange({ certificate: event.target.value })}
            error={errors.of("credential.certificate")}
          />
          <TextAreaField
            id="cluster-key"
            label="Private key"
            rows={4}
            placeholder="-----BEGIN PRIVATE KEY-----"
            value={draft.key}
            onChange={(event) => onChange({ key: event.target.value })}
            error={errors.of("credential.key")}
          />
        </>
      ) : null}
    </>
  );
}
