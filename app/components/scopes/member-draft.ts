/** A member of a project or a node pool while it is written: texts, as they stand in the form. */
export type MemberDraft = Readonly<Record<string, string>>;

/** A field of a member: names with commas between, or labels as key=value. */
export interface MemberField {
  name: "clusters" | "clusterLabels" | "namespaces" | "namespaceLabels" | "nodeLabels";
  holds: "names" | "labels";
  label: string;
  placeholder: string;
}

/** What a project or a node pool is made of: names or labels by field. */
export type Member = Readonly<Record<string, readonly string[] | Readonly<Record<string, string>>>>;

/** The texts of a member that there is. */
export function draftOf(member: Member, fields: readonly MemberField[]): MemberDraft {
  return Object.fromEntries(fields.map(({ name }) => [name, textOf(member[name] ?? [])]));
}

export function emptyDraft(fields: readonly MemberField[]): MemberDraft {
  return Object.fromEntries(fields.map(({ name }) => [name, ""]));
}

/** What is sent to the API. A label without `=` has no value, which the API refuses at its field. */
export function memberOf(draft: MemberDraft, fields: readonly MemberField[]) {
  return Object.fromEntries(
    fields.map(({ name, holds }) => {
      const parts = (draft[name] ?? "").split(/[\s,]+/).filter(Boolean);
      return [name, holds === "names" ? parts : Object.fromEntries(parts.map(readLabel))];
    }),
  );
}

function readLabel(text: string): [string, string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** `a, b`; `team=payments, tier=web`. */
export function textOf(value: readonly string[] | Readonly<Record<string, string>>): string {
  const parts = Array.isArray(value) ? value : Object.entries(value).map(([key, text]) => `${key}=${text}`);
  return parts.join(", ");
}
