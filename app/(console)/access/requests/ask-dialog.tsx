"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  AccessRequestView,
  RequestChoices,
  type RequestKind,
} from "../../../../lib/access/requests/schema.ts";
import { SelectField, TextAreaField } from "../../../components/form/field.tsx";
import type { FieldWords } from "../../../components/form/field-errors.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { requestJson, sendJson } from "../../../components/request-json.ts";
import { formatLength, lengthOptions } from "../../../components/requests/request-place.ts";
import { showDone } from "../../../components/toaster.tsx";

const CHOICES = "/api/v1/access-requests/choices";
const UNREAD = "What can be asked for could not be loaded. Close this and try again.";
const EVERY_CLUSTER = " ";
const PROJECT = "project:";
const HOUR = 3_600_000;
const EMPTY = {
  role: "",
  kind: "request" as RequestKind,
  place: "",
  namespaces: "",
  durationMs: "",
  reason: "",
};

const WORDS: FieldWords = {
  role: { empty: "Choose a role." },
  cluster: { empty: "Choose where." },
  reason: { empty: "Say what it is for." },
};

/** Asks for a role for a time, or takes it at once where the role permits that. */
export function AskDialog({
  open,
  onOpenChange,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  const [form, setForm] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setForm((now) => ({ ...now, ...change }));
  const { data: choices, isError } = useQuery({
    queryKey: [CHOICES],
    queryFn: ({ signal }) => requestJson(CHOICES, RequestChoices, { signal }),
    enabled: open,
  });
  const role = choices?.roles.find(({ name }) => name === form.role);
  const kind = role && !role.requestable ? "break_glass" : role?.breakGlass ? form.kind : "request";
  const choosesKind = role?.requestable && role.breakGlass;
  const longestMs = role?.longestMs ?? HOUR;
  const chosenMs = Number(form.durationMs);
  const durationMs = chosenMs > 0 && chosenMs <= longestMs ? chosenMs : Math.min(HOUR, longestMs);
  const isProject = form.place.startsWith(PROJECT);

  async function submit() {
    const where = isProject
      ? { project: form.place.slice(PROJECT.length) }
      : {
          cluster: form.place === EVERY_CLUSTER ? null : form.place,
          namespaces: form.namespaces.split(/[\s,]+/).filter(Boolean),
        };
    const request = await sendJson("/api/v1/access-requests", AccessRequestView, "POST", {
      kind,
      role: form.role,
      ...where,
      durationMs,
      reason: form.reason,
    });
    setForm(EMPTY);
    onDone();
    if (request.kind === "break_glass")
      showDone("Break-glass began", "Administrators see it, and all you do is marked");
    else showDone("Access requested", "Whoever may approve it is told");
  }

  if (choices && choices.roles.length === 0) {
    return <NothingToAskFor open={open} onOpenChange={onOpenChange} />;
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Request access"
      description={
        kind === "break_glass"
          ? "It counts at once. Administrators are told, and every call is marked in the record."
          : "Somebody else approves it. It ends by itself."
      }
      verb={kind === "break_glass" ? "Break glass" : "Request access"}
      fields={[
        ...(choosesKind ? ["kind"] : []),
        "role",
        "cluster",
        "project",
        "namespaces",
        "durationMs",
        "reason",
      ]}
      draft={form}
      words={WORDS}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <SelectField
            id="ask-role"
            label="Role"
            placeholder="Choose a role"
            value={form.role}
            onValueChange={(name) => set({ role: name })}
            options={choices?.roles.map(({ name }) => ({ value: name, label: name })) ?? []}
            hint={role?.description}
            error={errors.of("role") ?? (isError ? UNREAD : undefined)}
          />
          {choosesKind ? (
            <SelectField
              id="ask-kind"
              label="How"
              value={form.kind}
              onValueChange={(next) => set({ kind: next as RequestKind })}
              options={[
                { value: "request", label: "Ask for it" },
                { value: "break_glass", label: "Take it at once, in an emergency" },
              ]}
              error={errors.of("kind")}
            />
          ) : null}
          <SelectField
            id="ask-place"
            label="Where"
            placeholder="Choose a cluster or a project"
            value={form.place}
            onValueChange={(place) => set({ place })}
            options={[
              ...(choices?.clusters.map(({ name }) => ({ value: name, label: name })) ?? []),
              ...(choices?.projects.map(({ name }) => ({
                value: PROJECT + name,
                label: `Project ${name}`,
              })) ?? []),
              { value: EVERY_CLUSTER, label: "Every cluster, also those to come" },
            ]}
            error={errors.of("cluster") ?? errors.of("project")}
          />
          {isProject ? null : (
            <InputField
              id="ask-namespaces"
              label="Namespaces"
              autoComplete="off"
              spellCheck={false}
              placeholder="All, and what has none"
              hint="With commas between. The fewer, the sooner it is approved."
              value={form.namespaces}
              onChange={(event) => set({ namespaces: event.target.value })}
              error={errors.of("namespaces")}
            />
          )}
          <SelectField
            id="ask-duration"
            label="For how long"
            value={String(durationMs)}
            onValueChange={(next) => set({ durationMs: next })}
            options={lengthOptions(longestMs)}
            hint={role ? `At most ${formatLength(longestMs)}, as the role says.` : undefined}
            error={errors.of("durationMs")}
          />
          <TextAreaField
            id="ask-reason"
            label="Reason"
            rows={2}
            maxLength={500}
            placeholder="A ticket, or what it is for"
            hint="Whoever approves it reads this; it is kept with the record."
            value={form.reason}
            onChange={(event) => set({ reason: event.target.value })}
            error={errors.of("reason")}
          />
        </>
      )}
    </FormDialog>
  );
}

function NothingToAskFor({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Request access"
      description="No role can be asked for here. An administrator permits it in a role’s document (requests), or grants you a role."
      verb="OK"
      fields={[]}
      draft={{}}
      onSubmit={async () => undefined}
    >
      {() => null}
    </FormDialog>
  );
}
