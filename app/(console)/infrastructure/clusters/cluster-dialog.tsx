"use client";

import { useState } from "react";
import { ClusterView } from "../../../../lib/clusters/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";
import {
  type ConnectionDraft,
  ConnectionFields,
  isProvedByAgent,
  toConnection,
} from "./connection-fields.tsx";
import {
  CREDENTIAL_FIELDS,
  type CredentialDraft,
  CredentialForm,
  NO_CREDENTIAL,
  toCredential,
} from "./credential-form.tsx";
import { readLabels, writeLabels } from "./label-text.ts";
import { TrustFields } from "./trust-fields.tsx";

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
  const [connection, setConnection] = useState<ConnectionDraft>({
    connection: cluster?.connection ?? "direct",
    agentTag: cluster?.agentTag ?? "",
    tunnelCredential: cluster?.tunnelCredential ?? "gateway",
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
      form.insecureSkipTlsVerify !== cluster.insecureSkipTlsVerify ||
      (form.insecureSkipTlsVerify && connection.connection !== cluster.connection));
  const mayKeep = cluster !== null && (!moved || cluster.credentialKind === "none");
  const given: CredentialDraft =
    credential.kind === "keep" && !mayKeep ? { ...credential, kind: "token" } : credential;
  const isTunnel = connection.connection === "tunnel";
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    const body = {
      name: form.name.trim(),
      endpoint: form.endpoint.trim(),
      certificateAuthority: form.certificateAuthority.trim() ? form.certificateAuthority : null,
      tlsServerName: form.tlsServerName.trim() || null,
      insecureSkipTlsVerify: form.insecureSkipTlsVerify,
      labels: readLabels(form.labels),
      ...toConnection(connection),
      credential: isProvedByAgent(connection) ? { kind: "none" } : toCredential(given),
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
        ...["connection", "agentTag", "tunnelCredential"],
        ...CREDENTIAL_FIELDS,
      ]}
      draft={[form, connection, credential]}
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
          <ConnectionFields
            draft={connection}
            onChange={(change) => setConnection((now) => ({ ...now, ...change }))}
            errors={errors}
          />
          <InputField
            id="cluster-endpoint"
            label="Endpoint"
            autoComplete="off"
            spellCheck={false}
            placeholder={isTunnel ? "https://kubernetes.default.svc" : "https://10.0.0.1:6443"}
            hint={
              isTunnel
                ? "As the API server’s certificate names it. The agent dials the API server of its own configuration."
                : undefined
            }
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
          {isProvedByAgent(connection) ? null : (
            <>
              <TrustFields draft={form} onChange={set} errors={errors} />
              <CredentialForm
                draft={given}
                onChange={(change) => setCredential((now) => ({ ...now, ...change }))}
                errors={errors}
                kept={mayKeep ? cluster.credentialKind : null}
                anew={moved && !mayKeep}
              />
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}
