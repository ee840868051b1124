import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { Gateway } from "../call/gateway.ts";
import { captureBody } from "../record/note-body.ts";
import type { RequestInfo } from "../request/request-info.ts";

/** kube-apiserver's own questions have a few hundred bytes. */
export const MAX_REVIEW_BYTES = 64 * 1024;

export const NOT_JSON = new Refusal(
  "NotAcceptable",
  "The gateway's own answer is JSON; accept application/json.",
);

/** Whether a client reads the gateway's own answer. */
export function takesJson(accept: string | undefined): boolean {
  return accept === undefined || /application\/(?:json|\*)|\*\/\*/.test(accept);
}

/** Notes a question that the gateway itself answers: its body, and as whom the cluster was asked, if at all. */
export function noteReview(
  { redactor }: Pick<Gateway, "redactor">,
  { request, record }: Call,
  { info, body, kubernetesGroups }: { info: RequestInfo; body: Buffer; kubernetesGroups: string[] },
): void {
  record.kubernetesGroups = kubernetesGroups;
  record.bytesIn = body.length;
  const capture = captureBody(request, info, redactor);
  capture?.write(body);
  record.body = capture?.finish() ?? null;
}
