"use client";

import { parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import type { RoleDocument } from "../../../../../lib/access/roles/document/schema.ts";
import type { RoleDetail } from "../../../../../lib/access/roles/schema.ts";
import { Button } from "../../../../components/button.tsx";
import { Segmented } from "../../../../components/segmented.tsx";
import { Page } from "../../../../components/shell/page-frame.tsx";
import { useViewer } from "../../../../components/shell/viewer.tsx";
import { FormView, YamlView } from "./document-views.tsx";
import { DryRunPanel } from "./dry-run/dry-run-panel.tsx";
import { RoleHistory } from "./history/role-history.tsx";
import { ProblemList } from "./problem-list.tsx";
import { RoleActions } from "./role-actions.tsx";
import { ROLES_CRUMBS } from "./roles-crumbs.ts";
import { SaveRoleDialog } from "./save-role-dialog.tsx";
import { type RoleDraft, useRoleDraft } from "./use-role-draft.ts";

const VIEWS = ["form", "yaml", "history"] as const;
type View = (typeof VIEWS)[number];
const LABELS: Record<View, string> = { form: "Form", yaml: "YAML", history: "History" };

/** A role's document as a form and as YAML, which are two views of one thing; its history; and what a change would have meant. */
export function RoleEditor({
  role = null,
  saved,
  onSaved,
}: {
  /** Left out: it is to be made. */
  role?: RoleDetail | null;
  saved: { yaml: string; document: RoleDocument };
  onSaved: (role: RoleDetail) => void;
}) {
  const { permissions } = useViewer();
  const readOnly = !permissions.includes("access:write") || (role?.builtIn ?? false);
  const [url, setUrl] = useQueryStates({
    view: parseAsStringLiteral(VIEWS).withDefault("form"),
    rule: parseAsInteger,
  });
  const draft = useRoleDraft(saved);
  const { checked } = draft;
  const [saving, setSaving] = useState(false);
  const [dryRunning, setDryRunning] = useState(false);
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  const views = VIEWS.filter((view) => role !== null || view !== "history");
  const isBroken = checked.document === null;

  const isHeld = isBroken || !draft.isCurrent;
  const shown = url.view === "history" && role === null ? "form" : url.view;
  return (
    <Page
      path={ROLES_CRUMBS}
      title={role?.name ?? "New role"}
      actions={
        <>
          {role ? <RoleActions role={role} /> : null}
          {permissions.includes("audit:read") && role ? (
            <Button disabled={isHeld} onClick={() => setDryRunning(true)}>
              Dry run
            </Button>
          ) : null}
          {readOnly ? null : (
            <Button
              look="primary"
              disabled={isHeld || (role !== null && !draft.isChanged)}
              onClick={() => setSaving(true)}
            >
              {role ? "Save" : "Make role"}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-5 py-2.5 max-tablet:px-4">
        <Segmented
          label="View"
          value={shown}
          onValueChange={(view) => void setUrl({ view })}
          options={views.map((value) => ({ value, label: LABELS[value] }))}
        />
        <span className="text-fg-3" aria-live="polite">
          {stateOf({ readOnly, role, draft })}
        </span>
      </div>
      {dryRunning && role && checked.document ? (
        <DryRunPanel role={role} document={checked.document} onClose={() => setDryRunning(false)} />
      ) : null}
      {shown === "history" && role ? (
        <RoleHistory role={role} mayRestore={!readOnly} onRestored={onSaved} />
      ) : (
        <>
          <ProblemList problems={checked.problems} onGoTo={shown === "yaml" ? setGoTo : undefined} />
          {shown === "yaml" ? (
            <YamlView key={role?.version ?? 0} draft={draft} readOnly={readOnly} goTo={goTo} />
          ) : (
            <FormView draft={draft} readOnly={readOnly} rule={url.rule} />
          )}
        </>
      )}
      <SaveRoleDialog
        open={saving}
        onOpenChange={setSaving}
        role={role}
        written={draft.written}
        onDone={(done) => {
          draft.reset(done);
          onSaved(done);
        }}
      />
    </Page>
  );
}

function stateOf({
  readOnly,
  role,
  draft: { isChanged, isCurrent, checkFailed, checked },
}: {
  readOnly: boolean;
  role: RoleDetail | null;
  draft: RoleDraft;
}): string {
  if (role?.builtIn)
    return "Built in: it cannot be changed, but for its recording. Copy it to have one of your own.";
  if (readOnly) return "Administrators change roles.";
  if (!isChanged) return role ? `Version ${role.version}` : "";
  if (checkFailed) return `It could not be checked: ${checkFailed.message}`;
  if (!isCurrent) return "Checking …";
  return checked.document === null ? "Not saved; it has errors" : "Not saved";
}
