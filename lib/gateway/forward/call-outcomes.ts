import type { CallOutcome } from "../call/call-record.ts";
import type { Fate } from "../call/fate.ts";
import { endReasonMessage } from "../call/live-call-of.ts";
import type { EndReason } from "../call/live-calls.ts";
import { unknownOutcome } from "../record/outcome-refusals.ts";
import { isMutation, type RequestInfo } from "../request/request-info.ts";
import { streamMessages } from "../request/stream-messages.ts";
import type { ClusterAnswer } from "./cluster-answer.ts";

/** What the record says of a call that has ended. */
export type Outcome = Omit<CallOutcome, "stage">;

export interface EndedCall {
  info: RequestInfo;
  fate: Fate;
  /** The client's request came to its end: what it asks for may have been carried out. */
  sentWhole: boolean;
  /** It is a watch or a followed log that has begun. */
  hasStartRow: boolean;
}

/** One that waits for a connection, or whose body still comes, has not been made, and what passes through a proxy may go on for ever. */
export function isChangeUnderWay({ info, fate, sentWhole }: EndedCall): boolean {
  return isMutation(info) && fate.kind !== "not-sent" && sentWhole && info.subresource !== "proxy";
}

/** The answer came whole. */
export function finished({ info, hasStartRow }: EndedCall, answer: ClusterAnswer): Outcome {
  return {
    result: answer.failed ? "failure" : "success",
    message: answer.failureMessage() ?? (hasStartRow ? streamMessages(info).end : null),
    httpStatus: answer.statusCode,
  };
}

/** The cluster broke its answer off when a part of it had gone to the client. */
export function brokeOff(call: EndedCall): Outcome {
  return { result: "failure", message: "The cluster broke the answer off.", httpStatus: statusOf(call) };
}

/** The client went away; one that reads a stream ends it so. */
export function clientLeft(call: EndedCall): Outcome {
  if (call.hasStartRow) {
    return { result: "success", message: streamMessages(call.info).end, httpStatus: statusOf(call) };
  }
  const message = "The client left before the answer was complete.";
  return { result: "failure", message: withDoubt(call, message), httpStatus: statusOf(call) };
}

/** Access ended, or the gateway is shutting down: that is no failure of a stream, which goes on at another replica. */
export function endedByGateway(call: EndedCall, reason: EndReason): Outcome {
  const { info, hasStartRow } = call;
  const text = hasStartRow ? streamMessages(info).end : "The call was ended";
  return {
    result: hasStartRow && reason === "draining" ? "success" : "failure",
    message: withDoubt(call, endReasonMessage(text, reason)),
    httpStatus: statusOf(call),
  };
}

/** A watch or a followed log whose start could not be recorded, so that nothing of it was passed on. */
export function unrecordedStream({ statusCode }: ClusterAnswer): Outcome {
  const message = "The stream was not passed on: its start could not be recorded.";
  return { result: "failure", message, httpStatus: statusCode };
}

/** Of a change that the cluster had whole and did not answer, nobody can say what became of it. */
function withDoubt(call: EndedCall, message: string): string {
  const inDoubt = call.fate.kind === "unknown" && call.sentWhole && isMutation(call.info);
  return inDoubt ? `${message.replace(/\.$/, "")}. ${unknownOutcome("it had not answered")}` : message;
}

function statusOf({ fate }: EndedCall): number | null {
  return fate.kind === "answered" ? fate.statusCode : null;
}
