import { Refusal } from "../answer/refusal.ts";
import type { Fate } from "../call/fate.ts";
import { isMutation, type RequestInfo } from "../request/request-info.ts";

const LOOK_FIRST = "Look at what is there before you send it again.";

/** Of which call something is told. */
export interface ToldCall {
  fate: Fate;
  info: RequestInfo | null;
}

/** What a client is told whose call could not be recorded. Only of a call that was not sent is it said that it may come again. */
export function unrecorded({ fate, info }: ToldCall): Refusal {
  if (fate.kind === "not-sent") {
    return Refusal.tryAgain(
      "The call could not be recorded and was therefore not sent to the cluster. Try again shortly.",
    );
  }
  return withoutAnswer({ fate, info }, "the gateway could not record the call");
}

/**
 * What a client is told instead of a cluster's answer, once its call was sent. Of a change it is an error that no client takes for
 * a passing one: client-go repeats a 5xx that has Retry-After, others any 5xx and any connection that was cut.
 * `why`: `the gateway is shutting down`.
 */
export function withoutAnswer({ fate, info }: ToldCall, why: string): Refusal {
  const changes = info !== null && isMutation(info);
  if (fate.kind === "answered") {
    const { statusCode } = fate;
    if (statusCode === 101) {
      return new Refusal(
        "OutcomeWithheld",
        `The cluster opened the session, but the gateway closed it again: ${why}. What it was to run may have begun.`,
      );
    }
    if (!changes) return new Refusal("InternalError", `${didAnswer(statusCode)}, but not to you: ${why}.`);
    return statusCode < 400
      ? new Refusal(
          "OutcomeWithheld",
          `The cluster carried the change out (${statusCode}), but its answer is withheld: ${why}. ${LOOK_FIRST}`,
        )
      : new Refusal("OutcomeWithheld", `${didAnswer(statusCode)}, but not to you: ${why}.`);
  }
  if (!changes) return new Refusal("InternalError", `There is no answer: ${why}.`);
  return new Refusal("OutcomeUnknown", `${unknownOutcome(why)} ${LOOK_FIRST}`);
}

/** For the record too: `The gateway was stopped: whether the cluster carried the change out is not known.` */
export function unknownOutcome(why: string): string {
  return `Whether the cluster carried the change out is not known: ${why}.`;
}

function didAnswer(statusCode: number): string {
  return `The cluster answered (${statusCode})`;
}
