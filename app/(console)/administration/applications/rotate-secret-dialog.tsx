"use client";

import { useState } from "react";
import { type ApplicationView, ApplicationWithSecret } from "../../../../lib/identity/applications/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const OVERLAPS = [
  { value: String(DAY), label: "For another day" },
  { value: String(HOUR), label: "For another hour" },
  { value: String(7 * DAY), label: "For another week" },
  { value: String(30 * DAY), label: "For another 30 days" },
  { value: "0", label: "No longer: it ends now" },
];

/** Gives an application another secret; the one before may count beside it for a while. */
export function RotateSecretDialog({
  application,
  onClose,
  onSecret,
  onDone,
}: {
  application: ApplicationView | null;
  onClose: () => void;
  onSecret: (application: ApplicationWithSecret) => void;
  onDone: () => void;
}) {
  const [keepOldForMs, setKeepOldForMs] = useState(String(DAY));
  async function rotate() {
    if (!application) return;
    const path = `/api/v1/applications/${application.id}/secret`;
    onSecret(await sendJson(path, ApplicationWithSecret, "POST", { keepOldForMs: Number(keepOldForMs) }));
    onDone();
  }
  return (
    <FormDialog
      open={application !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate the secret of ${application?.name ?? "this application"}?`}
      description={
        application?.previousSecretEndsAt
          ? "A secret from before still counts: it ends now. Two count at the most."
          : "Its programs go on with the old secret until they have the new one, for as long as you say."
      }
      verb="Rotate secret"
      fields={["keepOldForMs"]}
      draft={[keepOldForMs]}
      onSubmit={rotate}
    >
      {(errors) => (
        <SelectField
          id="rotate-overlap"
          label="The old secret counts"
          hint={
            keepOldForMs === "0"
              ? "Every token that came of it stops to count at once. Whatever runs with them fails until it has the new secret."
              : "Then it ends, with the tokens that came of it."
          }
          value={keepOldForMs}
          onValueChange={setKeepOldForMs}
          options={OVERLAPS}
          error={errors.of("keepOldForMs")}
        />
      )}
    </FormDialog>
  );
}
