"use client";

import { useState } from "react";
import { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { BoundsFields } from "../../../components/keys/bounds-fields.tsx";
import { boundsOf, draftOfBounds, NO_BOUNDS } from "../../../components/keys/key-bounds.ts";
import { sendJson } from "../../../components/request-json.ts";
import { showDone } from "../../../components/toaster.tsx";
import { EVERYTHING } from "./everything.ts";

/** Changes what an application's tokens may be used for, and from where. */
export function BoundApplicationDialog({
  application,
  onClose,
  onDone,
}: {
  application: ApplicationView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(NO_BOUNDS);
  const [shown, setShown] = useState<string | null>(null);
  if (application && shown !== application.id) {
    setShown(application.id);
    setDraft(draftOfBounds(application));
  }
  function close() {
    setShown(null);
    onClose();
  }
  async function submit() {
    if (!application) return;
    await sendJson(`/api/v1/applications/${application.id}`, ApplicationView, "PATCH", boundsOf(draft));
    showDone("Scopes and networks changed", application.name);
    onDone();
  }
  return (
    <FormDialog
      open={application !== null}
      onOpenChange={(open) => !open && close()}
      title={`Scopes and networks of ${application?.name ?? ""}`}
      description="The tokens that it has end: with its next one, what is chosen here counts."
      verb="Save"
      fields={["scopes", "networks"]}
      draft={draft}
      onSubmit={submit}
    >
      {(errors) => <BoundsFields draft={draft} onChange={setDraft} errors={errors} everything={EVERYTHING} />}
    </FormDialog>
  );
}
