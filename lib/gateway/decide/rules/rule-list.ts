import type { RequestAttributes } from "../../../access/policy/request-attributes.ts";
import type { ClusterRules } from "./cluster-rules.ts";

/** `SubjectRulesReviewStatus` of k8s.io/api/authorization/v1. */
export interface ListedRules {
  resourceRules: { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames?: string[] }[];
  nonResourceRules: { verbs: string[]; nonResourceURLs: string[] }[];
  incomplete: boolean;
  /** What is left out; kubectl prints it as a warning. */
  evaluationError?: string;
}

interface Allowed {
  apiGroup: string;
  resource: string;
  verb: string;
  /** Null: of any name. */
  names: Set<string> | null;
}

/** Gathers what is allowed, one thing at a time, and says it in as few rules as it can. */
export class RuleList {
  readonly #allowed = new Map<string, Allowed>();
  readonly #paths = new Map<string, Set<string>>();
  readonly #lacks = new Set<string>();
  readonly #seen = new Set<ClusterRules>();

  /** `names` empty: of any name. */
  add({ apiGroup, resource, subresource, verb }: RequestAttributes, names: readonly string[]): void {
    const text = subresource === "" ? resource : `${resource}/${subresource}`;
    const key = `${apiGroup} ${text} ${verb}`;
    const before = this.#allowed.get(key)?.names ?? new Set<string>();
    this.#allowed.set(key, {
      apiGroup,
      resource: text,
      verb,
      names: names.length === 0 ? null : new Set([...before, ...names]),
    });
  }

  addPath(path: string, verb: string): void {
    this.#paths.set(path, new Set([...(this.#paths.get(path) ?? []), verb]));
  }

  /** Names something that may be allowed and is left out. */
  lacks(what: string): void {
    this.#lacks.add(what);
  }

  saw(rules: ClusterRules): void {
    this.#seen.add(rules);
  }

  /** The cluster's rules of every identity that was come across. */
  rulesSeen(): readonly ClusterRules[] {
    return [...this.#seen];
  }

  finish(): ListedRules {
    for (const { incomplete, evaluationError } of this.#seen)
      if (incomplete)
        this.lacks(`what the cluster cannot list${evaluationError ? `: ${evaluationError}` : ""}`);
    const lacks = [...this.#lacks];
    return {
      resourceRules: this.#resourceRules(),
      nonResourceRules: this.#pathRules(),
      incomplete: lacks.length > 0,
      ...(lacks.length > 0 && { evaluationError: `left out: ${lacks.join("; ")}` }),
    };
  }

  #resourceRules(): ListedRules["resourceRules"] {
    const ofResource = gather([...this.#allowed.values()], ({ apiGroup, resource, names }) =>
      JSON.stringify([apiGroup, resource, names && [...names].sort()]),
    ).map((all) => ({ ...all[0]!, verbs: all.map(({ verb }) => verb).sort() }));
    return gather(ofResource, ({ apiGroup, verbs, names }) =>
      JSON.stringify([apiGroup, verbs, names && [...names].sort()]),
    ).map((all) => ({
      verbs: all[0]!.verbs,
      apiGroups: [all[0]!.apiGroup],
      resources: all.map(({ resource }) => resource).sort(),
      ...(all[0]!.names && { resourceNames: [...all[0]!.names].sort() }),
    }));
  }

  #pathRules(): ListedRules["nonResourceRules"] {
    const paths = [...this.#paths].map(([path, verbs]) => ({ path, verbs: [...verbs].sort() }));
    return gather(paths, ({ verbs }) => verbs.join(" ")).map((all) => ({
      verbs: all[0]!.verbs,
      nonResourceURLs: all.map(({ path }) => path).sort(),
    }));
  }
}

/** Items with the same key together, in the order of their first. */
function gather<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
