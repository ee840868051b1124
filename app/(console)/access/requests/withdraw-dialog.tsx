"use client";

import { type AccessRequestForViewer, AccessRequestView } from "../../../../lib/access/requests/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { requestPlace } from "../../../components/requests/request-place.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before one's own request is taken back. */
export function WithdrawDialog({
  request,
  onClose,
  onDone,
}: {
  request: AccessRequestForViewer | null;
  onClose: () => void;
  onDone: () => void;
}) {
  async function withdraw() {
    if (!request) return;
    try {
      await sendJson(`/api/v1/access-requests/${request.id}/withdraw`, AccessRequestView, "POST");
      showDone("Request withdrawn", request.role.name);
      onDone();
    } catch (error) {
      showFailure("The request was not withdrawn", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={request !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Withdraw this request?"
      verb="Withdraw"
      keep="Keep request"
      harmless
      onConfirm={withdraw}
    >
      {request ? `${request.role.name} on ${requestPlace(request)}. Nobody can approve it then.` : null}
    </ConfirmDialog>
  );
}
