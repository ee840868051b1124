import type { PolicyRule } from "./schema.ts";

/** What rules name that cannot be found out by asking: objects, and paths. Patterns are among them. */
export interface Mentions {
  allowedNames: ReadonlySet<string>;
  allowedPaths: ReadonlySet<string>;
  deniedNames: ReadonlySet<string>;
  deniedPaths: ReadonlySet<string>;
}

/** What a role's rules name. */
export function mentionsOf(rules: readonly PolicyRule[]): Mentions {
  const of = (effect: PolicyRule["effect"], key: "names" | "nonResourceURLs") =>
    new Set(rules.filter((rule) => rule.effect === effect).flatMap((rule) => rule[key]));
  return {
    allowedNames: of("allow", "names"),
    allowedPaths: of("allow", "nonResourceURLs"),
    deniedNames: of("deny", "names"),
    deniedPaths: of("deny", "nonResourceURLs"),
  };
}

/** What several roles name together. */
export function joinMentions(all: readonly Mentions[]): Mentions {
  const join = (key: keyof Mentions) => new Set(all.flatMap((mentions) => [...mentions[key]]));
  return {
    allowedNames: join("allowedNames"),
    allowedPaths: join("allowedPaths"),
    deniedNames: join("deniedNames"),
    deniedPaths: join("deniedPaths"),
  };
}
