/** A compiled list of texts of which some end in `*` and match a prefix. */
export interface PatternSet {
  matches(text: string): boolean;
}

const NOTHING: PatternSet = { matches: () => false };
const ANYTHING: PatternSet = { matches: () => true };

/** `*` alone matches everything; an empty list matches nothing. */
export function compilePatterns(patterns: readonly string[]): PatternSet {
  if (patterns.length === 0) return NOTHING;
  if (patterns.includes("*")) return ANYTHING;
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  if (prefixes.length === 0) return { matches: (text) => exact.has(text) };
  return { matches: (text) => exact.has(text) || startsWithOne(text, prefixes) };
}

function startsWithOne(text: string, prefixes: readonly string[]): boolean {
  for (const prefix of prefixes) if (text.startsWith(prefix)) return true;
  return false;
}

/**
 * Whom a role may impersonate. `*` and prefixes that do not begin with `system:` never cover `system:` names: those
 * carry rights of their own (system:masters bypasses RBAC) and must be meant.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export function compileIdentityPatterns(patterns: readonly string[]): PatternSet {
  const ordinary = compilePatterns(patterns.filter((pattern) => !pattern.startsWith("system:")));
  const system = compilePatterns(patterns.filter((pattern) => pattern.startsWith("system:")));
  return { matches: (name) => (name.startsWith("system:") ? system : ordinary).matches(name) };
}
