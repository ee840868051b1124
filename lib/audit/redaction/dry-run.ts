import { openUnknown, protobufField } from "../../wire/kubernetes-protobuf.ts";
import { fieldOf } from "./field-of.ts";

/**
 * Whether the options in a body say that nothing is to be changed: `dryRun` of DeleteOptions, or of those in an Eviction (metav1.DeleteOptions).
 * Other changes say it in their query alone.
 */
export function asksForDryRun(body: unknown): boolean {
  const options = fieldOf(body, "kind") === "Eviction" ? fieldOf(body, "deleteOptions") : body;
  if (options === body && fieldOf(body, "kind") !== "DeleteOptions") return false;
  const dryRun = fieldOf(options, "dryRun");
  return Array.isArray(dryRun) && dryRun.length > 0;
}

/** The same in Kubernetes' protobuf: field 5 of DeleteOptions, which are field 2 of an Eviction. */
export function protobufAsksForDryRun(content: Buffer): boolean {
  const unknown = openUnknown(content);
  if (unknown === null) return false;
  const options =
    unknown.kind === "DeleteOptions"
      ? unknown.raw
      : unknown.kind === "Eviction"
        ? protobufField(unknown.raw, 2)
        : null;
  return Boolean(options && protobufField(options, 5));
}
