import type { Decision } from "../../access/policy/decision.ts";
import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import { sessionKindAskedFor } from "../../access/policy/session-kind.ts";
import { OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { Caller } from "../call/caller.ts";
import { circumstancesOf } from "../call/circumstances.ts";
import type { Gateway, GatewayCluster } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import { isAccessReview, readAccessReview } from "../request/access-review.ts";
import { isLegacyProxy, LEGACY_PROXY_REFUSED, type RequestInfo } from "../request/request-info.ts";
import type { Authorization } from "./authorize.ts";
import { decideWhole } from "./decide-whole.ts";
import { findNode } from "./find-node.ts";
import { MAX_REVIEW_BYTES, NOT_JSON, noteReview, takesJson } from "./own-review.ts";

const UNREADABLE = new Refusal(
  "UnsupportedMediaType",
  "The gateway answers a SelfSubjectAccessReview together with the cluster, and reads it as JSON or protobuf, not compressed. Send it so.",
);
export interface ReviewedCall {
  authorization: Authorization;
  /** The body where it was read already; null where it is still to come. */
  body: Buffer | null;
}

export interface ReviewInput {
  caller: Caller;
  cluster: GatewayCluster;
  info: RequestInfo;
  authorization: Authorization;
}

/**
 * Answers "may I?" (SelfSubjectAccessReview, `kubectl auth can-i`) with no where the gateway would refuse, also what it takes of nobody and
 * sessions that it cannot watch: the cluster knows nothing of these, nor of grants. Where the gateway would allow it, the cluster is asked as the role that would make the call. A
 * question that cannot be read is refused. Any other call goes on as it is.
 */
export function reviewAccess(
  gateway: Gateway,
  call: Call,
  input: ReviewInput,
): Soon<ReviewedCall | OwnAnswer | Refusal> {
  if (call.isUpgrade || !isAccessReview(input.info))
    return { authorization: input.authorization, body: null };
  return answerQuestion(gateway, call, input);
}

async function answerQuestion(
  gateway: Gateway,
  call: Call,
  { caller, cluster, info, authorization }: ReviewInput,
): Promise<ReviewedCall | OwnAnswer | Refusal> {
  const { request, record } = call;
  const body = await call.readBody(MAX_REVIEW_BYTES);
  if (body instanceof Refusal) return body;
  const isPlain = request.headers["content-encoding"] === undefined;
  const review = isPlain ? readAccessReview(body, request.headers["content-type"]) : null;
  // The cluster would answer what the gateway could not read, and know nothing of grants.
  if (review === null) return UNREADABLE;

  const attributes = asDecided(review.asks);
  const node = await findNode(gateway, {
    actor: caller.authenticated.actor,
    cluster,
    info: attributes,
    query: "",
  });
  const decision: Decision = isLegacyProxy(attributes)
    ? { allowed: false, reason: LEGACY_PROXY_REFUSED }
    : decideWhole(gateway, {
        actor: caller.authenticated.actor,
        cluster,
        attributes,
        nodeLabels: node === null ? null : gateway.nodes.labelsOf(cluster.id, node),
        circumstances: circumstancesOf(record, {
          sessionKind: sessionKindAskedFor(attributes),
          authenticated: caller.authenticated,
        }),
        impersonation: authorization.impersonation,
      });
  if (decision.allowed) {
    record.role = decision.role;
    record.kubernetesGroups = decision.impersonate.groups;
    return { authorization: { ...authorization, permit: decision }, body };
  }
  if (!takesJson(request.headers.accept)) return NOT_JSON;
  // Nobody was impersonated: the question went nowhere.
  noteReview(gateway, call, { info, body, kubernetesGroups: [] });
  return new OwnAnswer(201, `Answered by the gateway: no. ${decision.reason}`, {
    kind: "SelfSubjectAccessReview",
    apiVersion: `authorization.k8s.io/${info.apiVersion}`,
    metadata: {},
    spec: review.spec,
    status: { allowed: false, reason: decision.reason },
  });
}

/** Some clients ask of `pods/exec` as one word. */
function asDecided(asks: RequestAttributes): RequestAttributes {
  const [resource = "", subresource] = asks.resource.split("/", 2);
  return subresource === undefined || asks.subresource !== "" ? asks : { ...asks, resource, subresource };
}
