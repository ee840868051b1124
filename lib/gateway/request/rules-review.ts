import { z } from "zod";
import { bodyFormat } from "../../audit/redaction/body-format.ts";
import { openUnknown, protobufField, protobufMessage } from "../../wire/kubernetes-protobuf.ts";
import type { RequestInfo } from "./request-info.ts";

/** What a SelfSubjectRulesReview asks: what may I do in this namespace? (k8s.io/api/authorization/v1) */
export interface RulesReview {
  /** `""`: outside namespaces. */
  namespace: string;
}

const Review = z.object({
  // kube-apiserver fills the kind in from the path.
  kind: z.enum(["SelfSubjectRulesReview", ""]).nullish(),
  spec: z
    .object({ namespace: z.string().nullish() })
    .nullish()
    .transform((spec) => ({ namespace: spec?.namespace ?? "" })),
});

/** Whether a call is such a question. */
export function isRulesReview(info: RequestInfo): boolean {
  const { isResourceRequest, verb, apiGroup, resource, subresource } = info;
  const isReview = apiGroup === "authorization.k8s.io" && resource === "selfsubjectrulesreviews";
  return isReview && isResourceRequest && verb === "create" && subresource === "";
}

/** Reads the question, in JSON or in Kubernetes' protobuf; null where it cannot be read. */
export function readRulesReview(body: Buffer, contentType: string | undefined): RulesReview | null {
  const format = bodyFormat(contentType);
  const object = format === "json" ? parseJson(body) : format === "protobuf" ? parseProtobuf(body) : null;
  const review = Review.safeParse(object);
  return review.success ? review.data.spec : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** `SelfSubjectRulesReview{2: spec{1: namespace}}`. */
function parseProtobuf(body: Buffer): unknown {
  const unknown = openUnknown(body);
  const spec = unknown && protobufMessage(unknown.raw, 2);
  if (!spec) return null;
  return { kind: unknown.kind, spec: { namespace: protobufField(spec, 1)?.toString("utf8") ?? "" } };
}
