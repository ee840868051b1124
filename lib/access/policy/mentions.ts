import type { PolicyRule } from "./schema.ts";

/** One thing that rules deny or except. */
export interface Cut {
  verb: string;
  apiGroup: string;
  resource: string;
}

/** What rules name that cannot be found out by asking: objects, paths, and what is taken out of a wider rule. Patterns are among them. */
export interface Mentions {
  allowedNames: ReadonlySet<string>;
  allowedPaths: ReadonlySet<string>;
  deniedNames: ReadonlySet<string>;
  deniedPaths: ReadonlySet<string>;
  /** Of resources. */
  cuts: readonly Cut[];
}

/** So many of a rule; each is a decision where somebody asks for everything. */
const MOST_CUTS = 200;

/** What a role's rules name. */
export function mentionsOf(rules: readonly PolicyRule[]): Mentions {
  const of = (effect: PolicyRule["effect"], key: "names" | "nonResourceURLs") =>
    new Set(rules.filter((rule) => rule.effect === effect).flatMap((rule) => rule[key]));
  return {
    allowedNames: of("allow", "names"),
    allowedPaths: of("allow", "nonResourceURLs"),
    deniedNames: of("deny", "names"),
    deniedPaths: of("deny", "nonResourceURLs"),
    cuts: rules.flatMap(cutsOf),
  };
}

function cutsOf({ effect, resources, exceptResources, apiGroups, verbs }: PolicyRule): Cut[] {
  const cut = effect === "deny" ? resources : exceptResources;
  const all = cut.flatMap((resource) =>
    apiGroups.flatMap((apiGroup) => verbs.map((verb) => ({ verb, apiGroup, resource }))),
  );
  return all.slice(0, MOST_CUTS);
}

/** What several roles name together. */
export function joinMentions(all: readonly Mentions[]): Mentions {
  const join = (key: Exclude<keyof Mentions, "cuts">) =>
    new Set(all.flatMap((mentions) => [...mentions[key]]));
  return {
    allowedNames: join("allowedNames"),
    allowedPaths: join("allowedPaths"),
    deniedNames: join("deniedNames"),
    deniedPaths: join("deniedPaths"),
    cuts: all.flatMap(({ cuts }) => cuts),
  };
}
