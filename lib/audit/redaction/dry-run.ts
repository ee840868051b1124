import { openUnknown, protobufField, protobufMessage } from "../../wire/kubernetes-protobuf.ts";
import { fieldOf } from "./field-of.ts";

/** What the request's path and method say: kube-apiserver takes the kind of a body that has none from them. */
export interface RequestedChange {
  verb?: string | null;
  subresource?: string | null;
}

/**
 * Where options stand in a body that may say that nothing is to be changed, whatever kind the body says it is. Other changes say it in
 * their query alone.
 */
function optionsIn({ verb, subresource }: RequestedChange): "body" | "deleteOptions" | null {
  if (verb === "delete" || verb === "deletecollection") return "body";
  return subresource === "eviction" ? "deleteOptions" : null;
}

/** Whether the options in a body say that nothing is to be changed: `dryRun` of DeleteOptions, or of those in an Eviction (metav1.DeleteOptions). */
export function asksForDryRun(body: unknown, change: RequestedChange): boolean {
  const place = optionsIn(change);
  const options = place === "deleteOptions" ? fieldOf(body, "deleteOptions") : body;
  const dryRun = place === null ? null : fieldOf(options, "dryRun");
  return Array.isArray(dryRun) && dryRun.length > 0;
}

/** The same in Kubernetes' protobuf: field 5 of DeleteOptions, which are field 2 of an Eviction. */
export function protobufAsksForDryRun(content: Buffer, change: RequestedChange): boolean {
  const place = optionsIn(change);
  const unknown = place && openUnknown(content);
  if (!unknown) return false;
  const options = place === "deleteOptions" ? protobufMessage(unknown.raw, 2) : unknown.raw;
  return options !== null && protobufField(options, 5) !== null;
}
