"use client";

import { useState } from "react";
import { type AccessRequestForViewer, AccessRequestView } from "../../../../lib/access/requests/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { requestPlace } from "../../../components/requests/request-place.ts";
import { showDone } from "../../../components/toaster.tsx";

/** Ends what a request became before its time. */
export function EndDialog({
  request,
  onClose,
  onDone,
}: {
  request: AccessRequestForViewer | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  async function submit() {
    if (!request) return;
    await sendJson(`/api/v1/access-requests/${request.id}/end`, AccessRequestView, "POST", { reason });
    onDone();
    showDone("Access ended", `${request.role.name} for ${request.person.name}`);
  }
  return (
    <FormDialog
      open={request !== null}
      onOpenChange={(open) => {
        if (open) return;
        setReason("");
        onClose();
      }}
      title="End this access now?"
      description={
        request
          ? `${request.own ? "You lose" : `${request.person.name} loses`} ${request.role.name} on ${requestPlace(request)}. Running watches, shells and port-forwards that go by it end within seconds.`
          : ""
      }
      verb="End access"
      fields={["reason"]}
      draft={{ reason }}
      onSubmit={submit}
    >
      {(errors) => (
        <InputField
          id="end-reason"
          label="Reason"
          autoComplete="off"
          maxLength={500}
          placeholder="Optional"
          hint="Kept with the request and in Event History."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={errors.of("reason")}
        />
      )}
    </FormDialog>
  );
}
