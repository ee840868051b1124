"use client";

import { useState } from "react";
import { type AccessRequestForViewer, AccessRequestView } from "../../../../lib/access/requests/schema.ts";
import { TextAreaField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { requestPlace } from "../../../components/requests/request-place.ts";
import { showDone } from "../../../components/toaster.tsx";

/** Refuses a request, in words. */
export function RefuseDialog({
  request,
  onClose,
  onDone,
}: {
  request: AccessRequestForViewer | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [word, setWord] = useState("");
  async function submit() {
    if (!request) return;
    await sendJson(`/api/v1/access-requests/${request.id}/refuse`, AccessRequestView, "POST", { word });
    onDone();
    showDone("Request refused", `${request.role.name} for ${request.person.name}`);
  }
  return (
    <FormDialog
      open={request !== null}
      onOpenChange={(open) => {
        if (open) return;
        setWord("");
        onClose();
      }}
      title="Refuse this request?"
      description={
        request ? `${request.person.name} asks for ${request.role.name} on ${requestPlace(request)}.` : ""
      }
      verb="Refuse"
      fields={["word"]}
      draft={{ word }}
      words={{ word: { empty: "Say why." } }}
      onSubmit={submit}
    >
      {(errors) => (
        <TextAreaField
          id="refuse-word"
          label="Why"
          rows={2}
          maxLength={500}
          hint="The person reads it; it is kept with the request."
          value={word}
          onChange={(event) => setWord(event.target.value)}
          error={errors.of("word")}
        />
      )}
    </FormDialog>
  );
}
