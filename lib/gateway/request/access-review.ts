import { z } from "zod";
import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import { bodyFormat } from "../../audit/redaction/body-format.ts";
import { openUnknown, protobufField, protobufMessage } from "../../wire/kubernetes-protobuf.ts";
import type { RequestInfo } from "./request-info.ts";

/** What a SelfSubjectAccessReview asks: may I do this? (k8s.io/api/authorization/v1) */
export interface AccessReview {
  asks: RequestAttributes;
  /** As the client sent it, for the answer. */
  spec: { resourceAttributes: Record<string, unknown> } | { nonResourceAttributes: Record<string, unknown> };
}

/** Absent, empty and null are one, as for Go's JSON. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const ResourceAttributes = z.looseObject({
  namespace: text,
  verb: text,
  group: text,
  resource: text,
  subresource: text,
  name: text,
});
const NonResourceAttributes = z.looseObject({ path: text, verb: text });
const Review = z.object({
  // kube-apiserver fills the kind in from the path; the official Python and JavaScript clients send none.
  kind: z.enum(["SelfSubjectAccessReview", ""]).nullish(),
  spec: z.union([
    z.object({ resourceAttributes: ResourceAttributes }),
    z.object({ nonResourceAttributes: NonResourceAttributes }),
  ]),
});

/** Whether a call is such a question. */
export function isAccessReview(info: RequestInfo): boolean {
  const { isResourceRequest, verb, apiGroup, resource, subresource } = info;
  const isReview = apiGroup === "authorization.k8s.io" && resource === "selfsubjectaccessreviews";
  return isReview && isResourceRequest && verb === "create" && subresource === "";
}

/** Reads the question, in JSON or in Kubernetes' protobuf; null where the cluster may say what is wrong with it. */
export function readAccessReview(body: Buffer, contentType: string | undefined): AccessReview | null {
  const format = bodyFormat(contentType);
  const object = format === "json" ? parseJson(body) : format === "protobuf" ? parseProtobuf(body) : null;
  const review = Review.safeParse(object);
  if (!review.success) return null;
  const sent = (object as { spec: AccessReview["spec"] }).spec;
  const { spec } = review.data;
  if ("resourceAttributes" in spec) {
    const { group, namespace, verb, resource, subresource, name } = spec.resourceAttributes;
    const asked = { verb, apiGroup: group, namespace, resource, subresource, name };
    return { asks: { isResourceRequest: true, path: "", ...asked }, spec: sent };
  }
  const { path, verb } = spec.nonResourceAttributes;
  const nothing = { apiGroup: "", namespace: "", resource: "", subresource: "", name: "" };
  return { asks: { isResourceRequest: false, path, verb, ...nothing }, spec: sent };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** `SelfSubjectAccessReview{2: spec{1: resourceAttributes, 2: nonResourceAttributes}}`. */
function parseProtobuf(body: Buffer): unknown {
  const unknown = openUnknown(body);
  const spec = unknown && protobufMessage(unknown.raw, 2);
  if (!spec) return null;
  const resource = protobufMessage(spec, 1);
  const nonResource = protobufMessage(spec, 2);
  const names = ["namespace", "verb", "group", "version", "resource", "subresource", "name"];
  return {
    kind: unknown.kind,
    spec: {
      ...(resource && { resourceAttributes: textFields(resource, names) }),
      ...(nonResource && { nonResourceAttributes: textFields(nonResource, ["path", "verb"]) }),
    },
  };
}

/** The texts in fields 1, 2, ... by name, as far as they are set. */
function textFields(message: Buffer, names: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = protobufField(message, index + 1)?.toString("utf8");
    if (value !== undefined && value !== "") fields[name] = value;
  }
  return fields;
}
