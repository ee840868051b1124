"use client";

import { useState } from "react";
import { ClusterView } from "../../../../lib/clusters/schema.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { TextAreaField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";
import {
  CREDENTIAL_FIELDS,
  type CredentialDraft,
  CredentialForm,
  NO_CREDENTIAL,
  toCredential,
} from "./credential-form.tsx";
import { readLabels, writeLabels } from "./label-text.ts";

/** Registers a cluster, or changes one. */
export function ClusterDialog({
  cluster,
  onClose,
  onDone,
}: {
  /** null: a new one. */
  cluster: ClusterView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState({
    name: cluster?.name ?? "",
    endpoint: cluster?.endpoint ?? "",
    certificateAuthority: cluster?.certificateAuthority ?? "",
    tlsServerName: cluster?.tlsServerName ?? "",
    insecureSkipTlsVerify: cluster?.insecureSkipTlsVerify ?? false,
    labels: writeLabels(cluster?.labels ?? {}),
  });
  const [credential, setCredential] = useState<CredentialDraft>({
    ...NO_CREDENTIAL,
    kind: cluster ? "keep" : "token",
  });
  // The credential was given for these; the API asks for it anew where one of them is another.
  const moved =
    cluster !== null &&
    (form.endpoint.trim() !== cluster.endpoint ||
      form.certificateAuthority !== (cluster.certificateAuthority ?? "") ||
      form.tlsServerName.trim() !== (cluster.tlsServerName ?? "") ||
      form.insecureSkipTlsVerify !== cluster.insecureSkipTlsVerify);
  const mayKeep = cluster !== null && (!moved || cluster.credentialKind === "none");
  const given: CredentialDraft =
    credential.kind === "keep" && !mayKeep ? { ...credential, kind: "token" } : credential;
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const body = {
      name: form.name.trim(),
      endpoint: form.endpoint.trim(),
      certificateAuthority: form.certificateAuthority.trim() ? form.certificateAuthority : null,
      tlsServerName: form.tlsServerName.trim() || null,
      insecureSkipTlsVerify: form.insecureSkipTlsVerify,
      labels: readLabels(form.labels),
      credential: toCredential(given),
    };
    const saved = cluster
      ? await sendJson(`/api/v1/clusters/${cluster.id}`, ClusterView, "PATCH", body)
      : await sendJson("/api/v1/clusters", ClusterView, "POST", body);
    onDone();
    showDone(cluster ? "Cluster changed" : "Cluster added", saved.name);
  }

  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={cluster ? `Edit ${cluster.name}` : "Add cluster"}
      description={cluster ? "A new name changes the address in everyone’s kubeconfig." : undefined}
      verb={cluster ? "Save" : "Add cluster"}
      className="w-[520px]"
      fields={[
        ...["name", "endpoint", "certificateAuthority", "tlsServerName", "labels", "credential"],
        ...CREDENTIAL_FIELDS,
      ]}
      draft={[form, credential]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="cluster-name"
            label="Name"
            autoComplete="off"
            spellCheck={false}
            hint="People see it in kubectl and in the record."
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <InputField
            id="cluster-endpoint"
            label="Endpoint"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://10.0.0.1:6443"
            value={form.endpoint}
            onChange={(event) => set({ endpoint: event.target.value })}
            error={errors.of("endpoint")}
          />
          <InputField
            id="cluster-labels"
            label="Labels"
            autoComplete="off"
            spellCheck={false}
            placeholder="env=prod, team=payments"
            hint="For rules and projects to go by."
            value={form.labels}
            onChange={(event) => set({ labels: event.target.value })}
            error={errors.of("labels")}
          />
          <TextAreaField
            id="cluster-authority"
            label="Certificate authority"
            rows={4}
            placeholder="-----BEGIN CERTIFICATE-----"
            hint="PEM. Empty: the authorities that the gateway’s machine trusts."
            value={form.certificateAuthority}
            onChange={(event) => set({ certificateAuthority: event.target.value })}
            error={errors.of("certificateAuthority")}
          />
          <InputField
            id="cluster-server-name"
            label="Name in the certificate"
            autoComplete="off"
            spellCheck={false}
            hint="Only where it is not the endpoint’s."
            value={form.tlsServerName}
            onChange={(event) => set({ tlsServerName: event.target.value })}
            error={errors.of("tlsServerName")}
          />
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
          <label className="flex items-start gap-2 text-fg-2">
            <Checkbox
              className="mt-px"
              checked={form.insecureSkipTlsVerify}
              onCheckedChange={(next) => set({ insecureSkipTlsVerify: next === true })}
            />
            <span>
              Do not check the certificate
              <span className="block text-warn">
                {form.insecureSkipTlsVerify
                  ? "Whoever is between the gateway and the cluster can read and change every call."
                  : null}
              </span>
            </span>
          </label>
          <CredentialForm
            draft={given}
            onChange={(change) => setCredential((now) => ({ ...now, ...change }))}
            errors={errors}
            kept={mayKeep ? cluster.credentialKind : null}
            anew={moved && !mayKeep}
          />
        </>
      )}
    </FormDialog>
  );
}
