"use client";

import { useState } from "react";
import { GrantView } from "../../../../lib/access/grants/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { placeOf } from "../../../components/list/grants-of.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { expiryText } from "./expiry.ts";
import { type ExpiryDraft, ExpiryFields } from "./expiry-fields.tsx";

const EMPTY: ExpiryDraft = { expiry: "8h", until: { day: "", clock: "18:00" } };
const WORDS = {
  expiresAt: { empty: "Choose a day from today on.", refused: "Choose a time that is still to come." },
};

/** Gives a grant another end. */
export function ChangeExpiryDialog({
  grant,
  onClose,
  onDone,
}: {
  grant: GrantView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState(EMPTY);
  const { timeZone } = useTimeZoneChoice();
  async function submit() {
    if (!grant) return;
    const expiresAt = expiryText(form.expiry, form.until, Date.now(), timeZone ?? "UTC");
    await sendJson(`/api/v1/grants/${grant.id}`, GrantView, "PATCH", { expiresAt });
    setForm(EMPTY);
    onDone();
    showDone("Expiry changed", `${grant.role.name} to ${grant.subject.name}`);
  }
  return (
    <FormDialog
      open={grant !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Change when it expires"
      description={grant ? `${grant.role.name} to ${grant.subject.name} on ${placeOf(grant)}.` : ""}
      verb="Change expiry"
      fields={["expiresAt"]}
      draft={form}
      words={WORDS}
      onSubmit={submit}
    >
      {(errors) => (
        <ExpiryFields
          value={form}
          onChange={(change) => setForm((now) => ({ ...now, ...change }))}
          errors={errors}
        />
      )}
    </FormDialog>
  );
}
