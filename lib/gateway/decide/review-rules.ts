import type { Permit } from "../../access/policy/decision.ts";
import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import { sessionKindAskedFor } from "../../access/policy/session-kind.ts";
import { ConcurrencyLimit } from "../../limits/concurrency-limit.ts";
import { OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import { circumstancesOf } from "../call/circumstances.ts";
import type { Gateway, Upstream } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import { brokenUpstream } from "../forward/upstream-refusals.ts";
import { isLegacyProxy } from "../request/request-info.ts";
import { isRulesReview, type RulesReview, readRulesReview } from "../request/rules-review.ts";
import { identityHeaders } from "./impersonate.ts";
import { MAX_REVIEW_BYTES, NOT_JSON, noteReview, takesJson } from "./own-review.ts";
import type { ReviewInput } from "./review-access.ts";
import { listRules } from "./rules/list-rules.ts";
import { readRules, readServed } from "./rules/read-cluster.ts";

const UNREADABLE = new Refusal(
  "UnsupportedMediaType",
  "The gateway answers a SelfSubjectRulesReview together with the cluster, and reads it as JSON or protobuf, not compressed. Send it so.",
);

/** Each holds what a cluster serves in memory, and asks it several questions. */
const MOST_OF_CALLER = 2;
const MOST_AT_ONCE = 8;
const ofCaller = new ConcurrencyLimit(MOST_OF_CALLER);
const inAll = new ConcurrencyLimit(MOST_AT_ONCE);
const TOO_MANY = new Refusal(
  "TooManyRequests",
  `Lists of what is allowed (kubectl auth can-i --list) are made ${MOST_OF_CALLER} at once for one caller, and ${MOST_AT_ONCE} in all. Ask again in a moment.`,
  1,
);

/**
 * Answers "what may I do?" (SelfSubjectRulesReview, `kubectl auth can-i --list`) with what both the gateway and the cluster allow. The
 * cluster alone would list the rights of one role's groups, and knows nothing of grants, deny rules and conditions. Null for any other call.
 */
export function reviewRules(
  gateway: Gateway,
  call: Call,
  input: ReviewInput & { upstream: Upstream },
): Soon<OwnAnswer | Refusal | null> {
  return call.isUpgrade || !isRulesReview(input.info) ? null : listWhatMay(gateway, call, input);
}

async function listWhatMay(
  gateway: Gateway,
  call: Call,
  input: ReviewInput & { upstream: Upstream },
): Promise<OwnAnswer | Refusal | null> {
  const { caller } = input;
  const { request } = call;
  const body = await call.readBody(MAX_REVIEW_BYTES);
  if (body instanceof Refusal) return body;
  const isPlain = request.headers["content-encoding"] === undefined;
  const review = isPlain ? readRulesReview(body, request.headers["content-type"]) : null;
  if (review === null) return UNREADABLE;
  if (!takesJson(request.headers.accept)) return NOT_JSON;
  const leaveCaller = ofCaller.take(caller.authenticated.actor.id);
  const leaveAll = leaveCaller && inAll.take("");
  try {
    if (!leaveAll) return TOO_MANY;
    return await answerReview(gateway, call, { ...input, review, body });
  } catch (error) {
    return brokenUpstream(error, call.record);
  } finally {
    leaveAll?.();
    leaveCaller?.();
  }
}

async function answerReview(
  gateway: Gateway,
  call: Call,
  input: ReviewInput & { upstream: Upstream; review: RulesReview; body: Buffer },
): Promise<OwnAnswer> {
  const { caller, cluster, info, authorization, upstream, review } = input;
  const { actor } = caller.authenticated;
  const { impersonation, permit: first } = authorization;
  const question = {
    upstream,
    headersOf: (permit: Permit) => identityHeaders(call.record, { permit, upstream }),
  };
  const rules = readRules(question, { namespace: review.namespace, apiVersion: info.apiVersion });
  const { served, problems } = await readServed(question, first);
  const status = await listRules({
    namespace: review.namespace,
    served: served.resources,
    problems,
    mentions: gateway.mentions({ actor, cluster }),
    first,
    decide(attributes: RequestAttributes) {
      if (isLegacyProxy(attributes)) return null;
      const sessionKind = sessionKindAskedFor(attributes);
      const circumstances = circumstancesOf(call.record, {
        sessionKind,
        authenticated: caller.authenticated,
      });
      const decision = gateway.decide({ actor, cluster, attributes, circumstances, impersonation });
      return decision.allowed ? decision : null;
    },
    rulesOf: rules.rulesOf,
  });
  noteReview(gateway, call, { info, body: input.body, kubernetesGroups: rules.groups() });
  const count = status.resourceRules.length + status.nonResourceRules.length;
  return new OwnAnswer(201, `Answered by the gateway with the cluster's rules: ${count} rules`, {
    kind: "SelfSubjectRulesReview",
    apiVersion: `authorization.k8s.io/${info.apiVersion}`,
    metadata: {},
    spec: { namespace: review.namespace },
    status,
  });
}
