import { SCOPES } from "../../../lib/access/key-scopes/schema.ts";

/** What a key may be used for and from where, as a form has it. */
export interface BoundsDraft {
  /** Whether only `scopes` count; else all that the owner may. */
  some: boolean;
  scopes: readonly string[];
  /** A network a line. */
  networks: string;
}

export const NO_BOUNDS: BoundsDraft = { some: false, scopes: [], networks: "" };

/** Bounds that a key has, to be changed. */
export function draftOfBounds({ scopes, networks }: KeyBounds): BoundsDraft {
  return { some: scopes !== null, scopes: scopes ?? [], networks: networks.join("\n") };
}

/** What is sent. Without bounds nothing is: the key that asks has its own. */
export function boundsOf({ some, scopes, networks }: BoundsDraft) {
  const lines = networks.split(/[\n,]/).map((line) => line.trim());
  return { scopes: some ? scopes : null, networks: lines.filter(Boolean) };
}

export interface KeyBounds {
  scopes: readonly string[] | null;
  networks: readonly string[];
}

/** In a few words, for a list. */
export function describeScopes({ scopes }: Pick<KeyBounds, "scopes">): string {
  return scopes === null ? "Everything" : scopes.join(", ");
}

export const describeNetworks = ({ networks }: Pick<KeyBounds, "networks">): string =>
  networks.length === 0 ? "Everywhere" : networks.join(", ");

/** What a scope permits, in words; the scope itself where a newer version made it. */
export const aboutScope = (scope: string): string =>
  SCOPES.find((known) => known.scope === scope)?.about ?? scope;
