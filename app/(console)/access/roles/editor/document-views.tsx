"use client";

import { RoleForm } from "./form/role-form.tsx";
import type { RoleDraft } from "./use-role-draft.ts";
import { LazyYamlEditor } from "./yaml/lazy-yaml-editor.tsx";

const Waiting = ({ children }: { children: string }) => <p className="px-5 py-4 text-fg-2">{children}</p>;

/** The form, of what the YAML says where that was written last. */
export function FormView({
  draft,
  readOnly,
  rule,
}: {
  draft: RoleDraft;
  readOnly: boolean;
  rule: number | null;
}) {
  const { written, checked, isCurrent } = draft;
  const isWritten = "document" in written;
  const document = isWritten ? written.document : checked.document;
  if (!document)
    return (
      <Waiting>
        The form shows what the YAML says once it can be read: mend there what is named above.
      </Waiting>
    );
  if (!isWritten && !isCurrent) return <Waiting>Reading the YAML …</Waiting>;
  return (
    <RoleForm
      document={document}
      onChange={(next) => draft.write({ document: next })}
      problems={checked.problems}
      readOnly={readOnly}
      rule={rule}
    />
  );
}

/** The YAML, of what the form says where that was written last. */
export function YamlView({
  draft,
  readOnly,
  goTo,
}: {
  draft: RoleDraft;
  readOnly: boolean;
  goTo: { line: number; column: number } | null;
}) {
  const { written, checked, isCurrent } = draft;
  const isWritten = "yaml" in written;
  const yaml = isWritten ? written.yaml : checked.yaml;
  if (!isWritten && !isCurrent) return <Waiting>Writing the YAML …</Waiting>;
  if (yaml === null)
    return (
      <Waiting>
        The YAML shows what the form says once it has no errors: mend there what is named above.
      </Waiting>
    );
  return (
    <div className="h-[max(360px,calc(100dvh-104px))] max-tablet:h-[max(360px,calc(100dvh-210px))]">
      <LazyYamlEditor
        text={yaml}
        onChange={(text) => draft.write({ yaml: text })}
        problems={checked.problems}
        readOnly={readOnly}
        goTo={goTo}
      />
    </div>
  );
}
