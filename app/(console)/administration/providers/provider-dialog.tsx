"use client";

import { useState } from "react";
import { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";
import { type Draft, draftOf, settingsOf } from "./draft.ts";
import { ProviderFields } from "./provider-fields.tsx";

const FIELDS = [...Object.keys(draftOf(null))];

/** Adds a provider, or changes one that is kept in the console. Another provider is another form: give it a key. */
export function ProviderDialog({
  provider,
  onClose,
  onDone,
}: {
  /** null: closed. */
  provider: ProviderView | "new" | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const known = provider === "new" ? null : provider;
  const [draft, setDraft] = useState<Draft>(() => draftOf(known));
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  async function submit() {
    if (known) {
      await sendJson(`/api/v1/providers/${known.id}`, ProviderView, "PATCH", settingsOf(draft));
      showDone("Provider changed", draft.name || known.id);
    } else {
      const body = { id: draft.id.trim(), kind: draft.kind, ...settingsOf(draft) };
      await sendJson("/api/v1/providers", ProviderView, "POST", body);
      showDone("Provider added", draft.name || draft.id);
    }
    onDone();
  }
  return (
    <FormDialog
      open={provider !== null}
      onOpenChange={(open) => !open && onClose()}
      title={known ? `Change ${known.name}` : "Add provider"}
      description={
        known ? "It counts from the next sign-in on." : "People can sign in with it as soon as it is added."
      }
      verb={known ? "Save" : "Add provider"}
      fields={FIELDS}
      draft={draft}
      onSubmit={submit}
      className="w-[560px]"
    >
      {(errors) => <ProviderFields draft={draft} change={change} errors={errors} isNew={known === null} />}
    </FormDialog>
  );
}
