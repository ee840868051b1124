"use client";

import { PersonView } from "../../../../lib/identity/people/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before a person is disabled, or enabled again. */
export function EnableDialog({
  user,
  onClose,
  onDone,
}: {
  user: PersonView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const disabling = user?.enabled ?? true;
  const verb = disabling ? "Disable" : "Enable";
  async function change() {
    if (!user) return;
    try {
      await sendJson(`/api/v1/users/${user.id}`, PersonView, "PATCH", { enabled: !user.enabled });
      showDone(disabling ? "User disabled" : "User enabled", user.email);
      onDone();
    } catch (error) {
      showFailure(`${user.name} was not ${verb.toLowerCase()}d`, error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={user !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${verb} ${user?.name ?? "user"}?`}
      verb={verb}
      harmless={!disabling}
      keep={disabling ? "Keep enabled" : "Cancel"}
      onConfirm={change}
    >
      {disabling
        ? `${user?.email} is signed out at once. Their tokens stop to count, and their running watches, shells and port-forwards end. What they did stays on the record.`
        : `${user?.email} can sign in again, with the access that is granted to them now. Tokens that were not revoked count again.`}
    </ConfirmDialog>
  );
}
