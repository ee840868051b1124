"use client";

import { useState } from "react";
import { type AccessRequestForViewer, AccessRequestView } from "../../../../lib/access/requests/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { formatLength, lengthOptions, requestPlace } from "../../../components/requests/request-place.ts";
import { showDone } from "../../../components/toaster.tsx";

interface DialogProps {
  request: AccessRequestForViewer | null;
  onClose: () => void;
  onDone: () => void;
}

/** Approves a request, for as much as was asked or less. */
export function ApproveDialog({ request, onClose, onDone }: DialogProps) {
  return request ? <Approve key={request.id} request={request} onClose={onClose} onDone={onDone} /> : null;
}

function Approve({ request, onClose, onDone }: DialogProps & { request: AccessRequestForViewer }) {
  const [form, setForm] = useState({
    durationMs: String(request.durationMs),
    namespaces: request.namespaces.join(", "),
    word: "",
  });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  async function submit() {
    const namespaces = form.namespaces.split(/[\s,]+/).filter(Boolean);
    await sendJson(`/api/v1/access-requests/${request.id}/approve`, AccessRequestView, "POST", {
      durationMs: Number(form.durationMs),
      ...(request.project ? {} : { namespaces }),
      word: form.word,
    });
    onDone();
    showDone("Request approved", `${request.role.name} for ${request.person.name}`);
  }
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Approve this request?"
      description={
        <>
          {request.person.name} asks for <b className="font-medium text-fg">{request.role.name}</b> on{" "}
          {requestPlace(request)} for {formatLength(request.durationMs)}: “{request.reason}”
        </>
      }
      verb="Approve"
      fields={["durationMs", "namespaces", "word"]}
      draft={form}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <SelectField
            id="approve-duration"
            label="For how long"
            value={form.durationMs}
            onValueChange={(durationMs) => set({ durationMs })}
            options={lengthOptions(request.durationMs)}
            error={errors.of("durationMs")}
          />
          {request.project ? null : (
            <InputField
              id="approve-namespaces"
              label="Namespaces"
              autoComplete="off"
              spellCheck={false}
              placeholder="All, and what has none"
              hint="As asked for, or fewer."
              value={form.namespaces}
              onChange={(event) => set({ namespaces: event.target.value })}
              error={errors.of("namespaces")}
            />
          )}
          <InputField
            id="approve-word"
            label="Word"
            autoComplete="off"
            maxLength={500}
            placeholder="Optional"
            hint="The person reads it; it is kept with the request."
            value={form.word}
            onChange={(event) => set({ word: event.target.value })}
            error={errors.of("word")}
          />
        </>
      )}
    </FormDialog>
  );
}
