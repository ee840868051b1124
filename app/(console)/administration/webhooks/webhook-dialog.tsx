"use client";

import { useState } from "react";
import { WebhookType, WebhookView, WebhookWithSecret } from "../../../../lib/webhooks/schema.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";

const ENDPOINT = "/api/v1/webhooks";
const EMPTY = { name: "", url: "", types: [] as WebhookType[] };

/** Adds a webhook (`new`), or changes one. */
export function WebhookDialog({
  webhook,
  onClose,
  onMade,
  onDone,
}: {
  webhook: WebhookView | "new" | null;
  onClose: () => void;
  /** It was added: its secret is to be shown. */
  onMade: (made: WebhookWithSecret) => void;
  onDone: () => void;
}) {
  const isNew = webhook === "new";
  const before = webhook === null || isNew ? EMPTY : webhook;
  const [form, setForm] = useState({ name: before.name, url: before.url, types: before.types });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));

  async function submit() {
    if (webhook === null) return;
    if (isNew) onMade(await sendJson(ENDPOINT, WebhookWithSecret, "POST", form));
    else {
      await sendJson(`${ENDPOINT}/${webhook.id}`, WebhookView, "PATCH", form);
      showDone("Webhook changed", form.name);
    }
    onDone();
  }
  return (
    <FormDialog
      open={webhook !== null}
      onOpenChange={(open) => !open && onClose()}
      title={isNew ? "Add webhook" : "Change webhook"}
      description="Messages are signed as Standard Webhooks has it; no redirect is followed."
      verb={isNew ? "Add webhook" : "Change"}
      fields={["name", "url"]}
      draft={form}
      words={{ name: { empty: "Give it a name." }, url: { empty: "Give its address." } }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="webhook-name"
            label="Name"
            autoComplete="off"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <InputField
            id="webhook-url"
            label="Address"
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://chat.example.com/hooks/access"
            value={form.url}
            onChange={(event) => set({ url: event.target.value })}
            error={errors.of("url")}
          />
          <fieldset className="grid gap-1.5">
            <legend className="mb-1 font-medium text-fg-2">Told of</legend>
            <p className="text-fg-3">Nothing chosen: of everything.</p>
            {WebhookType.options.map((type) => (
              <label
                key={type}
                htmlFor={`webhook-${type}`}
                className="flex items-center gap-2 max-tablet:min-h-9"
              >
                <Checkbox
                  id={`webhook-${type}`}
                  checked={form.types.includes(type)}
                  onCheckedChange={(checked) =>
                    set({
                      types: checked ? [...form.types, type] : form.types.filter((each) => each !== type),
                    })
                  }
                />
                <span className="mono">{type}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
