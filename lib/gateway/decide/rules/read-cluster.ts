import type { Permit } from "../../../access/policy/decision.ts";
import { askCluster, type ClusterAnswer, type ClusterQuestion } from "./ask-cluster.ts";
import { AnsweredReview, type ClusterRules } from "./cluster-rules.ts";
import { AGGREGATED_DISCOVERY, readDiscovery, type Served } from "./discovery.ts";

const JSON_ONLY = "application/json";
/** A caller with grants of many roles is as many identities: each is a question to the cluster. */
const MOST_IDENTITIES = 8;

/** Everything that the cluster serves; what of it could not be read is said in `problems`. */
export async function readServed(
  question: ClusterQuestion,
  permit: Permit,
): Promise<{ served: Served; problems: string[] }> {
  const asks = ["/api", "/apis"].map((path) =>
    askCluster(question, permit, { method: "GET", path, accept: `${AGGREGATED_DISCOVERY},${JSON_ONLY}` }),
  );
  const served: Served = { resources: [], stale: [] };
  const problems: string[] = [];
  for (const { statusCode, json } of await Promise.all(asks)) {
    const found = statusCode === 200 ? readDiscovery(json) : null;
    if (found === null) problems.push(undiscovered(statusCode));
    else served.resources.push(...found.resources);
    for (const group of found?.stale ?? [])
      problems.push(`API group ${group}, which the cluster cannot reach now`);
  }
  return { served, problems: [...new Set(problems)] };
}

const undiscovered = (statusCode: number) =>
  statusCode === 200
    ? "what rules allow by *: the cluster does not tell in the aggregated form what it serves (Kubernetes before 1.27)"
    : `what rules allow by *: the cluster answered ${statusCode} when asked what it serves`;

export interface AskedRules {
  /** Null where the cluster was asked of too many identities already. Rejects where it did not answer. */
  rulesOf(permit: Permit): Promise<ClusterRules | null>;
  /** The Kubernetes groups of the identities that were asked for. */
  groups(): string[];
}

/** What the cluster itself lets each identity do in a namespace; each is asked for once. */
export function readRules(
  question: ClusterQuestion,
  { namespace, apiVersion }: { namespace: string; apiVersion: string },
): AskedRules {
  const asked = new Map<string, Promise<ClusterRules>>();
  const groups = new Set<string>();
  const ask = async (permit: Permit) => {
    const answer = await askCluster(question, permit, {
      method: "POST",
      path: `/apis/authorization.k8s.io/${apiVersion}/selfsubjectrulesreviews`,
      accept: JSON_ONLY,
      body: {
        kind: "SelfSubjectRulesReview",
        apiVersion: `authorization.k8s.io/${apiVersion}`,
        spec: { namespace },
      },
    });
    return readAnswer(answer);
  };
  return {
    async rulesOf(permit) {
      const key = JSON.stringify(permit.impersonate);
      const before = asked.get(key);
      if (before) return before;
      if (asked.size >= MOST_IDENTITIES) return null;
      for (const group of permit.impersonate.groups) groups.add(group);
      const rules = ask(permit);
      asked.set(key, rules);
      return rules;
    },
    groups: () => [...groups],
  };
}

/** A cluster that does not answer the question allows nothing that could be listed. */
function readAnswer({ statusCode, json }: ClusterAnswer): ClusterRules {
  const review = AnsweredReview.safeParse(json);
  if (statusCode === 201 && review.success) return review.data.status;
  return {
    resourceRules: [],
    nonResourceRules: [],
    incomplete: true,
    evaluationError: `the cluster answered ${statusCode} when asked for its rules`,
  };
}
