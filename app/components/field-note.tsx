import type { ReactNode } from "react";

/** The id of a field's note, for `aria-describedby`. */
export const noteId = (id: string) => `${id}-note`;

/** What is wrong with a field, or else what there is to know about it. A refused value is quoted whole: it may have no blank in it. */
export function FieldNote({ id, hint, error }: { id: string; hint?: ReactNode; error?: string }) {
  if (!error && !hint) return null;
  return (
    <p id={noteId(id)} className={error ? "text-fail wrap-anywhere" : "text-fg-3"}>
      {error ?? hint}
    </p>
  );
}
