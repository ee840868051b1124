"use client";

import { useState } from "react";
import { ChannelView, MadeChannel } from "../../../../../lib/alerts/channels/schema.ts";
import { SelectField } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { InputField } from "../../../../components/input.tsx";
import { sendJson } from "../../../../components/request-json.ts";
import { showDone } from "../../../../components/toaster.tsx";
import { type ChannelDraft, type ChannelKind, destinationOf, draftOf } from "./channel-draft.ts";
import { KIND_LABELS } from "./channel-words.ts";
import { EmailFields } from "./email-fields.tsx";

const ENDPOINT = "/api/v1/alert-channels";
const KINDS = Object.entries(KIND_LABELS).map(([value, label]) => ({ value, label }));
const FIELDS = ["url", "host", "port", "security", "user", "password", "from", "to"].map(
  (name) => `to.${name}`,
);
const HINTS: Record<ChannelKind, string | undefined> = {
  webhook: "Messages are signed as Standard Webhooks has it; no redirect is followed.",
  slack: "Of an incoming webhook. It is kept as a secret, and not shown again.",
  email: undefined,
};

/** Adds a channel (`new`), or changes one; its kind stays. */
export function ChannelDialog({
  channel,
  onClose,
  onMade,
  onDone,
}: {
  channel: ChannelView | "new" | null;
  onClose: () => void;
  /** A webhook was added: its secret is to be shown. */
  onMade: (made: MadeChannel) => void;
  onDone: () => void;
}) {
  const before = channel === "new" ? null : channel;
  const [draft, setDraft] = useState(() => draftOf(before));
  const set = (change: Partial<ChannelDraft>) => setDraft((now) => ({ ...now, ...change }));
  async function submit() {
    const { name } = draft;
    if (before === null) {
      const body = { name, to: destinationOf(draft) };
      const made = await sendJson(ENDPOINT, MadeChannel, "POST", body);
      if (made.secret !== null) onMade(made);
      else showDone("Channel added", name);
    } else {
      // An address that is not typed again stays.
      const keepsUrl = draft.kind === "slack" && draft.url === "";
      const body = keepsUrl ? { name } : { name, to: destinationOf(draft) };
      await sendJson(`${ENDPOINT}/${before.id}`, ChannelView, "PATCH", body);
      showDone("Channel changed", name);
    }
    onDone();
  }
  return (
    <FormDialog
      open={channel !== null}
      onOpenChange={(open) => !open && onClose()}
      title={before === null ? "Add channel" : "Change channel"}
      verb={before === null ? "Add channel" : "Change"}
      fields={["name", ...FIELDS]}
      draft={draft}
      words={{ name: { empty: "Give it a name." }, "to.url": { empty: "Give its address." } }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="channel-name"
            label="Name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          {before === null ? (
            <SelectField
              id="channel-kind"
              label="Kind"
              value={draft.kind}
              onValueChange={(kind) => set({ kind: kind as ChannelKind })}
              options={KINDS}
            />
          ) : null}
          {draft.kind === "email" ? (
            <EmailFields
              draft={draft}
              onChange={set}
              errors={errors}
              hasPassword={before?.to.kind === "email" && before.to.hasPassword}
            />
          ) : (
            <InputField
              id="channel-url"
              label="Address"
              type="url"
              autoComplete="off"
              spellCheck={false}
              hint={HINTS[draft.kind]}
              placeholder={
                before?.to.kind === "slack"
                  ? `the one at ${before.to.host}`
                  : "https://chat.example.com/hooks/alerts"
              }
              value={draft.url}
              onChange={(event) => set({ url: event.target.value })}
              error={errors.of("to.url")}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
