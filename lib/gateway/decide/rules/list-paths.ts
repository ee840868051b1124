import type { RequestAttributes } from "../../../access/policy/request-attributes.ts";
import type { ClusterRules } from "./cluster-rules.ts";
import type { RulesQuestion } from "./list-rules.ts";
import type { RuleList } from "./rule-list.ts";

/** The verbs of paths that are asked for where rules say any: HTTP's methods, in lower case. */
const METHODS = ["get", "head", "options", "post", "put", "patch", "delete"];

type PathRule = ClusterRules["nonResourceRules"][number];

/** Adds the paths that are no resources and that both allow. A trailing `*` matches a prefix. */
export async function listPaths(question: RulesQuestion, list: RuleList): Promise<void> {
  for (const rules of list.rulesSeen()) {
    for (const rule of rules.nonResourceRules) {
      const verbs = rule.verbs.includes("*") ? METHODS : rule.verbs;
      for (const verb of verbs)
        for (const path of pathsOf(rule, question, list))
          await addAllowed({ question, list, rules }, { path, verb });
    }
  }
}

/** The cluster's own paths, and those of the gateway's rules that the cluster's cover. */
function pathsOf({ nonResourceURLs }: PathRule, { mentions }: RulesQuestion, list: RuleList): Set<string> {
  const isCovered = (path: string) => nonResourceURLs.some((pattern) => matches(pattern, path));
  const own = [...mentions.allowedPaths].filter(
    (path) => !path.slice(0, -1).includes("*") && isCovered(path),
  );
  const paths = [...nonResourceURLs, ...own].filter((path) => {
    const isCut = path.endsWith("*") && [...mentions.deniedPaths].some((denied) => overlaps(path, denied));
    if (isCut) list.lacks(`what a rule denies some of: ${path}`);
    return !isCut;
  });
  return new Set(paths);
}

/** A pattern is allowed where it is matched as it stands: what matches its star matches whatever that stands for. */
async function addAllowed(
  { question, list, rules }: { question: RulesQuestion; list: RuleList; rules: ClusterRules },
  { path, verb }: { path: string; verb: string },
): Promise<void> {
  const nothing = { apiGroup: "", namespace: "", resource: "", subresource: "", name: "" };
  const asked: RequestAttributes = { isResourceRequest: false, path, verb, ...nothing };
  const permit = question.decide(asked);
  if (permit !== null && (await question.rulesOf(permit)) === rules) list.addPath(path, verb);
}

const matches = (pattern: string, path: string) =>
  pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

function overlaps(pattern: string, denied: string): boolean {
  const [some, others] = [pattern, denied].map((text) => text.split("*", 1)[0] ?? "");
  return some!.startsWith(others!) || others!.startsWith(some!);
}
