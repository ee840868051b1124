import { log } from "../log.ts";
import { OwnAnswer } from "./answer/own-answer.ts";
import { Refusal } from "./answer/refusal.ts";
import type { Call, ForwardableCall, ForwardListener } from "./call/call.ts";
import type { Caller } from "./call/caller.ts";
import type { Gateway, GatewayCluster, Upstream } from "./call/gateway.ts";
import { andThen, type Soon } from "./call/soon.ts";
import { admit } from "./decide/admit.ts";
import { authenticate } from "./decide/authenticate.ts";
import { authorize } from "./decide/authorize.ts";
import { findNode } from "./decide/find-node.ts";
import { impersonate } from "./decide/impersonate.ts";
import { type AskedRequest, readRequest } from "./decide/read-request.ts";
import { type ReviewedCall, reviewAccess } from "./decide/review-access.ts";
import { reviewRules } from "./decide/review-rules.ts";
import { routeToCluster } from "./decide/route-to-cluster.ts";
import { withoutAnswer } from "./record/outcome-refusals.ts";
import { recordAnswer, recordIntent } from "./record/record.ts";

/** What the gateway itself answers instead of the cluster. */
type Answer = Refusal | OwnAnswer;

/**
 * One call, from its arrival to its last byte. Every exit writes at least one row of the record. `ended` is called once, when nothing more is done for
 * the call; that may be before this returns.
 */
export function handleCall(gateway: Gateway, call: Call, ended: () => void): void {
  gateway.metrics.callStarted();
  new HandledCall(gateway, call, ended).begin();
}

class HandledCall implements ForwardListener {
  readonly #gateway: Gateway;
  readonly #call: Call;
  readonly #ended: () => void;
  #hasFailed = false;

  constructor(gateway: Gateway, call: Call, ended: () => void) {
    this.#gateway = gateway;
    this.#call = call;
    this.#ended = ended;
  }

  begin(): void {
    try {
      const passed = passChain(this.#gateway, this.#call);
      if (passed instanceof Promise) passed.then((later) => this.#goOn(later)).catch(this.#fail);
      else this.#goOn(passed);
    } catch (error) {
      this.#fail(error);
    }
  }

  #goOn(passed: Answer | ForwardableCall): void {
    if (isAnswer(passed)) this.#answer(passed);
    else this.#call.forward(passed, this);
  }

  onForwarded(refusal: Refusal | null): void {
    if (refusal === null) {
      this.#end();
      return;
    }
    try {
      this.#answer(refusal);
    } catch (error) {
      this.#fail(error);
    }
  }

  onForwardFailed(error: unknown): void {
    this.#fail(error);
  }

  #answer(answer: Answer): void {
    const call = this.#call;
    recordAnswer(this.#gateway, call, answer, (told) => {
      try {
        call.answer(told);
      } catch (error) {
        log.error({ err: error, callId: call.record.callId }, "a call could not be answered");
        call.cutOff();
      }
      this.#end();
    });
  }

  /** A defect of the gateway's, which the client is told once. */
  readonly #fail = (error: unknown): void => {
    const { record } = this.#call;
    log.error({ err: error, callId: record.callId }, "a call failed by a defect of the gateway");
    if (this.#hasFailed) {
      this.#call.cutOff();
      this.#end();
      return;
    }
    this.#hasFailed = true;
    try {
      this.#answer(afterDefect(this.#call));
    } catch (defect) {
      this.#fail(defect);
    }
  };

  #end(): void {
    this.#gateway.metrics.callEnded();
    this.#ended();
  }
}

const isAnswer = (passed: Answer | ForwardableCall): passed is Answer =>
  passed instanceof Refusal || passed instanceof OwnAnswer;

function afterDefect({ record }: Call): Refusal {
  return record.fate.kind === "not-sent"
    ? new Refusal("InternalError", "The gateway failed; its log has the call's id.")
    : withoutAnswer(record, "the gateway failed, and its log has the call's id");
}

// The stages, in their order. An answer of one ends the call; what it found out, those after it are given. Where nothing has to be waited for, all of
// them pass in one turn, without a promise.

function passChain(gateway: Gateway, call: Call): Soon<Answer | ForwardableCall> {
  const asked = readRequest(call);
  return andThen(authenticate(gateway, call), (caller) => {
    if (caller instanceof Refusal) return caller;
    return asked instanceof Refusal ? asked : findPlace(gateway, call, { asked, caller });
  });
}

/** Where the call is to go: cluster and node. */
function findPlace(
  gateway: Gateway,
  call: Call,
  { asked: { target, info }, caller }: { asked: AskedRequest; caller: Caller },
): Soon<Answer | ForwardableCall> {
  const route = routeToCluster(gateway, call, { target, caller });
  if (route instanceof Refusal) return route;
  const admission = admit(gateway);
  if (admission !== null) return admission;
  const { cluster, upstream } = route;
  const asking = { actor: caller.authenticated.actor, cluster, info, query: target.query };
  return andThen(findNode(gateway, asking), (node) =>
    decideCall(gateway, call, { target, info, caller, cluster, upstream, node }),
  );
}

interface PlacedCall extends AskedRequest {
  caller: Caller;
  cluster: GatewayCluster;
  upstream: Upstream;
  node: string | null;
}

/** Whether it may, or what it is to know of what it may. */
function decideCall(gateway: Gateway, call: Call, placed: PlacedCall): Soon<Answer | ForwardableCall> {
  const authorization = authorize(gateway, call, placed);
  if (authorization instanceof Refusal) return authorization;
  const misfit = call.checkProtocol(placed.info);
  if (misfit !== null) return misfit;
  const { caller, cluster, info, upstream } = placed;
  const asking = { caller, cluster, info, upstream, authorization };
  return andThen(reviewAccess(gateway, call, asking), (reviewed) => {
    if (reviewed instanceof Refusal || reviewed instanceof OwnAnswer) return reviewed;
    return andThen(
      reviewRules(gateway, call, asking),
      (listed) => listed ?? prepareForward(gateway, call, { placed, reviewed }),
    );
  });
}

/** That it is about to be made, and as whom. */
function prepareForward(
  gateway: Gateway,
  call: Call,
  { placed, reviewed }: { placed: PlacedCall; reviewed: ReviewedCall },
): Soon<Answer | ForwardableCall> {
  const { target, info, caller, cluster, upstream, node } = placed;
  const { permit, impersonation } = reviewed.authorization;
  return andThen(recordIntent(gateway, call, { info, query: target.query }), (unrecorded) => {
    if (unrecorded !== null) return unrecorded;
    return andThen(impersonate(call, { permit, upstream }), (headers) => {
      if (headers instanceof Refusal) return headers;
      const { body } = reviewed;
      return { target, info, caller, cluster, node, permit, impersonation, upstream, headers, body };
    });
  });
}
