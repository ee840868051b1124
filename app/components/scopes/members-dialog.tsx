"use client";

import { useState } from "react";
import { draftOf, emptyDraft, type Member, type MemberField, memberOf } from "./member-draft.ts";
import { MembersField, memberFieldNames, memberFieldWords } from "./members-field.tsx";
import { ScopeDialog } from "./scope-dialog.tsx";

/** Adds a project or a node pool, or changes one: both are made of members, which say what they are by names and labels. */
export function MembersDialog({
  scope,
  fields,
  membersNoun,
  membersHint,
  ...asked
}: {
  /** null: a new one. */
  scope: { id: string; name: string; description: string; grants: number; members: readonly Member[] } | null;
  noun: string;
  endpoint: string;
  /** What uses the name. */
  hint: string;
  fields: readonly MemberField[];
  /** What one member is called: `Namespaces`. */
  membersNoun: string;
  membersHint: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const [members, setMembers] = useState(
    scope?.members.map((member) => draftOf(member, fields)) ?? [emptyDraft(fields)],
  );
  return (
    <ScopeDialog
      {...asked}
      scope={scope}
      contents={{ members }}
      fields={memberFieldNames(fields, members)}
      words={memberFieldWords(fields, members)}
      bodyOf={() => ({ members: members.map((draft) => memberOf(draft, fields)) })}
    >
      {(errors) => (
        <MembersField
          fields={fields}
          noun={membersNoun}
          hint={membersHint}
          value={members}
          onChange={(changed) => setMembers([...changed])}
          errors={errors}
        />
      )}
    </ScopeDialog>
  );
}
