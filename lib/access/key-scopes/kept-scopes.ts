import { isScope, type Scope } from "./schema.ts";

/** What the database keeps for a key that may do all that its owner may. */
const EVERYTHING = "*";

/** A row's scopes; null: all that the owner may. One that this version does not know permits nothing. */
export function readScopes(kept: readonly string[]): readonly Scope[] | null {
  return kept.includes(EVERYTHING) ? null : kept.filter(isScope);
}

/** The same for the row. */
export const keepScopes = (scopes: readonly Scope[] | null): string[] => [...(scopes ?? [EVERYTHING])];

/** What both permit; null is no bound. */
export function commonScopes(
  a: readonly Scope[] | null,
  b: readonly Scope[] | null,
): readonly Scope[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((scope) => b.includes(scope));
}
