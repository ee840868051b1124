"use client";

import { z } from "zod";
import type { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before an application's old secret ends before its time. */
export function EndSecretDialog({
  application,
  onClose,
  onDone,
}: {
  application: ApplicationView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  async function end() {
    if (!application) return;
    try {
      await sendJson(`/api/v1/applications/${application.id}/secret/previous`, z.unknown(), "DELETE");
      showDone("The old secret has ended", application.name);
      onDone();
    } catch (error) {
      showFailure("The old secret was not ended", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={application !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`End the old secret of ${application?.name ?? "this application"}?`}
      verb="End old secret"
      keep="Keep it for now"
      onConfirm={end}
    >
      It and every token that came of it stop to count at once. What has the new secret goes on.
    </ConfirmDialog>
  );
}
