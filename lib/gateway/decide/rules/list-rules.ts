import { setImmediate } from "node:timers/promises";
import type { MentionedTo } from "../../../access/decide.ts";
import type { Permit } from "../../../access/policy/decision.ts";
import type { RequestAttributes } from "../../../access/policy/request-attributes.ts";
import { type ClusterRules, namedInFull, namesAllowed } from "./cluster-rules.ts";
import type { ServedResource } from "./discovery.ts";
import { listPaths } from "./list-paths.ts";
import { type ListedRules, RuleList } from "./rule-list.ts";

export interface RulesQuestion {
  namespace: string;
  served: readonly ServedResource[];
  /** What of that could not be read. */
  problems: readonly string[];
  /** By which the question itself is allowed: the cluster is asked of its identity in any case. */
  first: Permit;
  mentions: MentionedTo;
  /** The gateway's own decision; null where it refuses. */
  decide(asked: RequestAttributes): Permit | null;
  /** What the cluster says of the identity of a permit; null where it was not asked of that one. */
  rulesOf(permit: Permit): Promise<ClusterRules | null>;
}

/** So many things are decided for one list at the most, some hundredths of a second. */
const MOST_DECISIONS = 50_000;
const DECISIONS_AT_ONCE = 1_000;
const MOST_NAMES = 50;

/**
 * Everything that both the gateway and the cluster allow, thing by thing as the cluster serves them: each is decided as the call itself would be,
 * with deny rules, exceptions and conditions, and looked up in the cluster's rules for the identity that it would be made as. What cannot be
 * told is left out and named.
 */
export async function listRules(question: RulesQuestion): Promise<ListedRules> {
  const list = new RuleList();
  const { mentions, problems, first } = question;
  for (const problem of problems) list.lacks(problem);
  const rulesOfFirst = await question.rulesOf(first);
  if (rulesOfFirst) list.saw(rulesOfFirst);
  const names = [...mentions.allowedNames].filter((name) => !name.includes("*")).slice(0, MOST_NAMES);
  if (names.length < mentions.allowedNames.size)
    list.lacks("what rules allow by a pattern of objects' names");
  if (mentions.asksNodes) list.lacks("what grants of node pools allow on some nodes and their pods");
  if (mentions.deniedNames.size > 0) list.lacks("what rules deny for some objects by their names");
  let decisions = 0;
  const seen = new Set<string>();
  const look = async (asked: RequestAttributes) => {
    const key = keyOf(asked);
    if (seen.has(key)) return;
    seen.add(key);
    decisions += 1 + names.length;
    if (decisions % DECISIONS_AT_ONCE <= names.length) await setImmediate();
    if (decisions > MOST_DECISIONS) list.lacks("what came after many thousands of kinds");
    else await lookUp(question, list, { asked, names });
  };
  for (const served of question.served)
    for (const asked of attributesOf(served, question.namespace)) await look(asked);
  for (const rules of list.rulesSeen()) {
    const rest = { isResourceRequest: true, path: "", namespace: question.namespace, name: "" };
    for (const named of namedInFull(rules)) await look({ ...rest, ...named });
  }
  await listPaths(question, list);
  return list.finish();
}

const keyOf = ({ verb, apiGroup, resource, subresource }: RequestAttributes) =>
  [verb, apiGroup, resource, subresource].join(" ");

function attributesOf(served: ServedResource, namespace: string): RequestAttributes[] {
  const { apiGroup, resource, subresource, isNamespaced } = served;
  const of = { isResourceRequest: true, path: "", apiGroup, resource, subresource, name: "" };
  return served.verbs.map((verb) => ({ ...of, verb, namespace: isNamespaced ? namespace : "" }));
}

async function lookUp(
  question: RulesQuestion,
  list: RuleList,
  { asked, names }: { asked: RequestAttributes; names: readonly string[] },
): Promise<void> {
  const anyName = await allowedNames(question, list, asked);
  if (anyName === null) return list.add(asked, []);
  const named = [...anyName, ...names].map((name) => ({ ...asked, name }));
  for (const one of named) {
    const allowed = await allowedNames(question, list, one);
    if (allowed === null || allowed.includes(one.name)) list.add(one, [one.name]);
  }
}

/** For which names the cluster allows what the gateway does: null for any, none where the gateway refuses. */
async function allowedNames(
  { decide, rulesOf }: RulesQuestion,
  list: RuleList,
  asked: RequestAttributes,
): Promise<readonly string[] | null> {
  const permit = decide(asked);
  if (permit === null) return [];
  const rules = await rulesOf(permit);
  if (rules === null) {
    list.lacks(`what role ${permit.role} allows: the cluster was not asked of so many identities`);
    return [];
  }
  list.saw(rules);
  return namesAllowed(rules, asked);
}
