"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendForText } from "../../../components/request-json.ts";
import { saveFile } from "../../../components/save-file.ts";
import { showDone } from "../../../components/toaster.tsx";
import { lifetimeOptions } from "./lifetimes.ts";
import type { MyAnswer } from "./use-me.ts";

const ALL = " ";

/** Makes a token and downloads a kubeconfig with it. */
export function DownloadKubeconfigDialog({
  me,
  cluster,
  longestMs,
  onClose,
}: {
  me: MyAnswer;
  /** The one that was asked for; null for all. */
  cluster: string | null;
  longestMs: number;
  onClose: () => void;
}) {
  const [form, setForm] = useState({
    cluster: cluster ?? ALL,
    lifetime: String(longestMs),
    name: cluster ? `kubeconfig for ${cluster}` : "kubeconfig",
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  const client = useQueryClient();
  async function submit() {
    const text = await sendForText("/api/v1/kubeconfig", {
      name: form.name,
      lifetimeMs: Number(form.lifetime),
      ...(form.cluster === ALL ? {} : { cluster: form.cluster }),
    });
    saveFile(new Blob([text], { type: "application/yaml" }), "kubeconfig.yaml");
    void client.invalidateQueries({ queryKey: ["/api/v1/tokens"] });
    showDone("Kubeconfig downloaded", "kubectl --kubeconfig kubeconfig.yaml get pods");
  }
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Download kubeconfig"
      description="It has a new token of yours in it: treat the file like a password. The token can be revoked under My sessions and tokens at any time."
      verb="Download"
      fields={["cluster", "name", "lifetimeMs"]}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <SelectField
            id="kubeconfig-cluster"
            label="Clusters"
            value={form.cluster}
            onValueChange={(value) => set({ cluster: value })}
            options={[
              { value: ALL, label: `All of yours (${me.clusters.length})` },
              ...me.clusters.map(({ name }) => ({ value: name, label: name })),
            ]}
            error={errors.of("cluster")}
          />
          <SelectField
            id="kubeconfig-lifetime"
            label="Counts for"
            value={form.lifetime}
            onValueChange={(lifetime) => set({ lifetime })}
            options={lifetimeOptions(longestMs)}
            error={errors.of("lifetimeMs")}
          />
          <InputField
            id="kubeconfig-name"
            label="Name of the token"
            autoComplete="off"
            hint="To tell it from others, for example by the machine it is for."
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
        </>
      )}
    </FormDialog>
  );
}
