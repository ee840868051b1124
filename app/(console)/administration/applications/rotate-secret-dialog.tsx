"use client";

import { type ApplicationView, ApplicationWithSecret } from "../../../../lib/identity/applications/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showFailure } from "../../../components/toaster.tsx";

/** Asks before an application's secret is replaced. */
export function RotateSecretDialog({
  application,
  onClose,
  onSecret,
}: {
  application: ApplicationView | null;
  onClose: () => void;
  onSecret: (application: ApplicationWithSecret) => void;
}) {
  async function rotate() {
    if (!application) return;
    try {
      const path = `/api/v1/applications/${application.id}/secret`;
      onSecret(await sendJson(path, ApplicationWithSecret, "POST"));
    } catch (error) {
      showFailure("The secret was not rotated", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={application !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Rotate the secret of ${application?.name ?? "this application"}?`}
      verb="Rotate secret"
      keep="Keep secret"
      onConfirm={rotate}
    >
      The old secret and every token that came of it stop to count at once. Whatever runs with them fails
      until it has the new secret.
    </ConfirmDialog>
  );
}
