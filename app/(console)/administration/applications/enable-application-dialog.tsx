"use client";

import { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before an application is disabled, or enabled again. */
export function EnableApplicationDialog({
  application,
  onClose,
  onDone,
}: {
  application: ApplicationView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const disabling = application?.enabled ?? true;
  const verb = disabling ? "Disable" : "Enable";
  async function change() {
    if (!application) return;
    try {
      const body = { enabled: !application.enabled };
      await sendJson(`/api/v1/applications/${application.id}`, ApplicationView, "PATCH", body);
      showDone(disabling ? "Application disabled" : "Application enabled", application.name);
      onDone();
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      showFailure(`${application.name} was not ${verb.toLowerCase()}d`, message);
    }
  }
  return (
    <ConfirmDialog
      open={application !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${verb} ${application?.name ?? "this application"}?`}
      verb={verb}
      harmless={!disabling}
      keep={disabling ? "Keep enabled" : "Cancel"}
      onConfirm={change}
    >
      {disabling
        ? "It gets no tokens any more, those that it has stop to count, and what runs with them ends. What it did stays on the record."
        : "Its id and secret count again, with the access that is granted to it now."}
    </ConfirmDialog>
  );
}
