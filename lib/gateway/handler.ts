import { log } from "../log.ts";
import { OwnAnswer } from "./answer/own-answer.ts";
import { Refusal } from "./answer/refusal.ts";
import type { Call } from "./call/call.ts";
import type { Gateway } from "./call/gateway.ts";
import { admit } from "./decide/admit.ts";
import { authenticate } from "./decide/authenticate.ts";
import { authorize } from "./decide/authorize.ts";
import { findNode } from "./decide/find-node.ts";
import { impersonate } from "./decide/impersonate.ts";
import { readRequest } from "./decide/read-request.ts";
import { reviewAccess } from "./decide/review-access.ts";
import { reviewRules } from "./decide/review-rules.ts";
import { routeToCluster } from "./decide/route-to-cluster.ts";
import { withoutAnswer } from "./record/outcome-refusals.ts";
import { recordAnswer, recordIntent } from "./record/record.ts";

/** One call, from its arrival to its last byte. Every exit writes at least one row of the record. */
export async function handleCall(gateway: Gateway, call: Call): Promise<void> {
  gateway.metrics.callStarted();
  try {
    const answer = await passChain(gateway, call);
    if (answer !== null) call.answer(await recordAnswer(gateway, call, answer));
  } catch (error) {
    log.error({ err: error, callId: call.record.callId }, "a call failed by a defect of the gateway");
    call.answer(await recordAnswer(gateway, call, afterDefect(call)));
  } finally {
    gateway.metrics.callEnded();
  }
}

async function passChain(gateway: Gateway, call: Call): Promise<Refusal | OwnAnswer | null> {
  const asked = readRequest(call);
  const caller = await authenticate(gateway, call);
  if (caller instanceof Refusal) return caller;
  if (asked instanceof Refusal) return asked;
  const { target, info } = asked;

  const route = routeToCluster(gateway, call, { target, caller });
  if (route instanceof Refusal) return route;
  const { cluster, upstream } = route;

  const admission = admit(gateway);
  if (admission !== null) return admission;

  const asking = { actor: caller.authenticated.actor, cluster, info, query: target.query };
  const node = await findNode(gateway, asking);
  const authorization = authorize(gateway, call, { caller, cluster, info, node });
  if (authorization instanceof Refusal) return authorization;

  const misfit = call.checkProtocol(info);
  if (misfit !== null) return misfit;

  const reviewed = await reviewAccess(gateway, call, { caller, cluster, info, authorization });
  if (reviewed instanceof Refusal || reviewed instanceof OwnAnswer) return reviewed;
  const listed = await reviewRules(gateway, call, { caller, cluster, info, authorization, upstream });
  if (listed !== null) return listed;
  const { body } = reviewed;
  const { permit, impersonation } = reviewed.authorization;

  const intent = await recordIntent(gateway, call, { info, query: target.query });
  if (intent !== null) return intent;

  const headers = await impersonate(call, { permit, upstream });
  if (headers instanceof Refusal) return headers;
  return call.forward({
    target,
    info,
    caller,
    cluster,
    node,
    permit,
    impersonation,
    upstream,
    headers,
    body,
  });
}

function afterDefect({ record }: Call): Refusal {
  return record.fate.kind === "not-sent"
    ? new Refusal("InternalError", "The gateway failed; its log has the call's id.")
    : withoutAnswer(record, "the gateway failed, and its log has the call's id");
}
