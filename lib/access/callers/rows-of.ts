import type { GrantRow } from "../policy/compile.ts";
import type { CallerActor } from "./find.ts";

/** The grants of a caller and of their groups. */
export function rowsOf(actor: CallerActor, rows: readonly GrantRow[]): GrantRow[] {
  const groups = new Set(actor.kind === "user" ? actor.groupIds : []);
  return rows.filter(({ subjectKind, subject }) =>
    subjectKind === "group" ? groups.has(subject) : subjectKind === actor.kind && subject === actor.id,
  );
}
