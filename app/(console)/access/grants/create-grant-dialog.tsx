"use client";

import { type ReactNode, useState } from "react";
import { GrantView } from "../../../../lib/access/grants/schema.ts";
import type { SubjectKind } from "../../../../lib/access/policy/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import type { FieldWords } from "../../../components/form/field-errors.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { SuggestField } from "../../../components/form/suggest-field.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { useSubjectSuggestions } from "../subjects/use-subject-suggestions.ts";
import { expiryText } from "./expiry.ts";
import { ExpiryFields } from "./expiry-fields.tsx";
import { SCOPE_KINDS, SCOPE_WORDS, ScopeField, type ScopeKind } from "./scope-field.tsx";
import { useGrantChoices } from "./use-grant-choices.ts";
import { type MissingNamespaces, useMissingNamespaces } from "./use-missing-namespaces.ts";

const EVERY_CLUSTER = " ";
const EMPTY = {
  subjectKind: "group" as SubjectKind,
  subject: "",
  subjectProvider: "",
  role: "",
  where: "cluster" as ScopeKind,
  scope: "",
  cluster: "",
  namespaces: "",
  agentTag: "",
  reason: "",
  expiry: "never",
  until: { day: "", clock: "18:00" },
};

const KINDS = [
  { value: "group", label: "Group" },
  { value: "user", label: "User" },
  { value: "application", label: "Application" },
];

const SUBJECTS: Record<SubjectKind, { label: string; hint: string; empty: string }> = {
  group: { label: "Group", hint: "Also one that nobody has brought yet.", empty: "Name a group." },
  user: { label: "Email", hint: "Of a user who is known here.", empty: "Give a user’s email." },
  application: { label: "Application", hint: "Its name.", empty: "Name an application." },
};

const WORDS: FieldWords = {
  role: { empty: "Choose a role." },
  cluster: { empty: "Choose a cluster." },
  ...SCOPE_WORDS,
  expiresAt: { empty: "Choose a day from today on.", refused: "Choose a time that is still to come." },
};

/** Grants a role to a user, a group or an application. */
export function CreateGrantDialog({
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
  const { timeZone } = useTimeZoneChoice();
  const choices = useGrantChoices(open);
  const { suggestions, providers } = useSubjectSuggestions({
    kind: form.subjectKind,
    typed: form.subject,
    provider: form.subjectProvider,
    enabled: open,
  });
  const choosesProvider =
    form.subjectKind !== "application" && (providers.length > 1 || form.subjectProvider !== "");
  const subject = SUBJECTS[form.subjectKind];
  const namespaces = form.namespaces.split(/[\s,]+/).filter(Boolean);
  // Where nothing is called through agents, the field would only be in the way.
  const tunnelled = choices.clusters.some(
    ({ name, connection }) =>
      connection === "tunnel" &&
      (form.where !== "cluster" || form.cluster === EVERY_CLUSTER || form.cluster === name),
  );
  const missing = useMissingNamespaces({
    clusterId: choices.clusters.find(({ name }) => name === form.cluster)?.id ?? null,
    cluster: form.cluster,
    role: form.role,
    namespaces,
  });

  async function submit() {
    const grant = await sendJson("/api/v1/grants", GrantView, "POST", {
      role: form.role,
      subjectKind: form.subjectKind,
      subject: form.subject.trim(),
      subjectProvider: form.subjectKind === "application" ? null : form.subjectProvider || null,
      ...(form.where === "cluster"
        ? { cluster: form.cluster === EVERY_CLUSTER ? null : form.cluster, namespaces }
        : { [form.where]: form.scope.trim() }),
      agentTag: tunnelled ? form.agentTag.trim() || null : null,
      reason: form.reason,
      expiresAt: expiryText(form.expiry, form.until, Date.now(), timeZone ?? "UTC"),
    });
    setForm(EMPTY);
    onDone();
    showDone("Access granted", `${grant.role.name} to ${grant.subject.name}`);
  }

  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Grant access"
      description="It counts at once, for new calls."
      verb="Grant access"
      fields={[
        ...(choosesProvider ? ["subjectProvider"] : []),
        "subject",
        "role",
        "cluster",
        "namespaces",
        "project",
        "department",
        "nodePool",
        "agentTag",
        "reason",
        "expiresAt",
      ]}
      draft={form}
      words={{ ...WORDS, subject: { empty: subject.empty } }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <div className="grid grid-cols-[130px_minmax(0,1fr)] items-start gap-2">
            <SelectField
              id="grant-kind"
              label="To a"
              value={form.subjectKind}
              onValueChange={(kind) => set({ subjectKind: kind as SubjectKind, subject: "" })}
              options={KINDS}
            />
            <SuggestField
              id="grant-subject"
              label={subject.label}
              hint={subject.hint}
              value={form.subject}
              onChange={(value) => set({ subject: value })}
              suggestions={suggestions}
              error={errors.of("subject")}
            />
          </div>
          {choosesProvider ? (
            <SelectField
              id="grant-subject-provider"
              label="Of the identity provider"
              placeholder="Any, where the name says enough"
              value={form.subjectProvider}
              onValueChange={(provider) => set({ subjectProvider: provider })}
              options={providers.map((id) => ({ value: id, label: id }))}
              error={errors.of("subjectProvider")}
            />
          ) : null}
          <SelectField
            id="grant-role"
            label="Role"
            placeholder="Choose a role"
            value={form.role}
            onValueChange={(role) => set({ role })}
            options={choices.roles.map(({ name }) => ({ value: name, label: name }))}
            hint={choices.roles.find(({ name }) => name === form.role)?.description}
            error={errors.of("role") ?? choices.problems.role}
          />
          <SelectField
            id="grant-where"
            label="Where"
            value={form.where}
            onValueChange={(where) => set({ where: where as ScopeKind, scope: "" })}
            options={SCOPE_KINDS}
          />
          {form.where === "cluster" ? (
            <>
              <SelectField
                id="grant-cluster"
                label="Cluster"
                placeholder="Choose a cluster"
                value={form.cluster}
                onValueChange={(cluster) => set({ cluster })}
                options={[
                  ...choices.clusters.map(({ name }) => ({ value: name, label: name })),
                  { value: EVERY_CLUSTER, label: "Every cluster, also those to come" },
                ]}
                error={errors.of("cluster") ?? choices.problems.cluster}
              />
              <InputField
                id="grant-namespaces"
                label="Namespaces"
                autoComplete="off"
                spellCheck={false}
                placeholder="All, and what has none"
                hint={namespaceHint(missing)}
                value={form.namespaces}
                onChange={(event) => set({ namespaces: event.target.value })}
                error={errors.of("namespaces")}
              />
            </>
          ) : (
            <ScopeField
              kind={form.where}
              value={form.scope}
              onChange={(scope) => set({ scope })}
              error={errors.of(form.where)}
            />
          )}
          {tunnelled ? (
            <InputField
              id="grant-agent-tag"
              label="Agent tag"
              autoComplete="off"
              spellCheck={false}
              maxLength={63}
              placeholder="As the cluster says"
              hint="Only agents with this tag carry its calls."
              value={form.agentTag}
              onChange={(event) => set({ agentTag: event.target.value })}
              error={errors.of("agentTag")}
            />
          ) : null}
          <ExpiryFields value={form} onChange={set} errors={errors} />
          <InputField
            id="grant-reason"
            label="Reason"
            autoComplete="off"
            maxLength={500}
            placeholder="A ticket, or what it is for"
            hint="Kept with the grant and in Event History."
            value={form.reason}
            onChange={(event) => set({ reason: event.target.value })}
            error={errors.of("reason")}
          />
        </>
      )}
    </FormDialog>
  );
}

/** What there is to say of the namespaces that were typed; a name that the cluster has not is a warning, as it may be made later. */
function namespaceHint({ names, cluster, problem }: MissingNamespaces): ReactNode {
  if (names.length > 0) {
    return (
      <span role="status" className="text-warn">
        {cluster} has no namespace {names.join(", ")}. The grant counts once there is one of that name.
      </span>
    );
  }
  if (problem) return `Not checked: ${problem}.`;
  return "With commas between. In named namespaces only, nothing cluster-wide is allowed.";
}
