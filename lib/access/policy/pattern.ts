/** A compiled list of texts in which `*` stands for any characters, also none. */
export interface PatternSet {
  matches(text: string): boolean;
}

const NOTHING: PatternSet = { matches: () => false };
const ANYTHING: PatternSet = { matches: () => true };

/** `*` alone matches everything; an empty list matches nothing. */
export function compilePatterns(patterns: readonly string[]): PatternSet {
  if (patterns.length === 0) return NOTHING;
  if (patterns.includes("*")) return ANYTHING;
  const isExact = compileExact(patterns.filter((pattern) => !pattern.includes("*")));
  const wildcards = patterns.filter((pattern) => pattern.includes("*"));
  if (wildcards.length === 0) return { matches: isExact };
  const prefixes = wildcards.filter(isPrefix).map((pattern) => pattern.slice(0, -1));
  const others = wildcards.filter((pattern) => !isPrefix(pattern)).map(compileWildcard);
  return {
    matches: (text) =>
      isExact(text) || startsWithOne(text, prefixes) || others.some((matches) => matches(text)),
  };
}

/** A few texts are compared sooner than looked up. */
const FEW = 4;

function compileExact(texts: readonly string[]): (text: string) => boolean {
  if (texts.length <= FEW) return (text) => texts.includes(text);
  const all = new Set(texts);
  return (text) => all.has(text);
}

const isPrefix = (pattern: string) => pattern.indexOf("*") === pattern.length - 1;

function startsWithOne(text: string, prefixes: readonly string[]): boolean {
  for (const prefix of prefixes) if (text.startsWith(prefix)) return true;
  return false;
}

/** Its pieces are looked for from left to right, each once: no pattern takes longer than the text is long, times its pieces. */
function compileWildcard(pattern: string): (text: string) => boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop() ?? "";
  const middle = rest.filter((piece) => piece !== "");
  if (middle.length === 0 && tail === "") return (text) => text.startsWith(head);
  const shortest = head.length + tail.length;
  return (text) => {
    if (text.length < shortest || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return from <= text.length - tail.length;
  };
}

/**
 * Whom a role may impersonate. `*` and patterns that do not begin with `system:` never cover `system:` names: those
 * carry rights of their own (system:masters bypasses RBAC) and must be meant.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export function compileIdentityPatterns(patterns: readonly string[]): PatternSet {
  const ordinary = compilePatterns(patterns.filter((pattern) => !pattern.startsWith("system:")));
  const system = compilePatterns(patterns.filter((pattern) => pattern.startsWith("system:")));
  return { matches: (name) => (name.startsWith("system:") ? system : ordinary).matches(name) };
}
