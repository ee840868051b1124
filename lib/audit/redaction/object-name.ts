import { openUnknown, protobufField } from "../../wire/kubernetes-protobuf.ts";
import { fieldOf } from "./field-of.ts";

/** Longer than any name that kube-apiserver takes is none (DNS subdomain, 253; RBAC's path segments have no limit of their own). */
const MAX_NAME_LENGTH = 512;

/** `metadata.name` of a parsed object, where it has one that a path could hold. */
export function nameOfObject(object: unknown): string | null {
  const metadata = fieldOf(object, "metadata");
  return objectName(fieldOf(metadata, "name"));
}

/** The same of Kubernetes' protobuf: every object's field 1 is its ObjectMeta, whose field 1 is the name. */
export function nameOfProtobuf(content: Buffer): string | null {
  const unknown = openUnknown(content);
  const metadata = unknown && protobufField(unknown.raw, 1);
  const name = metadata && protobufField(metadata, 1);
  return name ? objectName(name.toString("utf8")) : null;
}

/** kube-apiserver's IsValidPathSegmentName; no control character either. */
function objectName(name: unknown): string | null {
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_LENGTH) return null;
  return name === "." || name === ".." || /[/%\p{Cc}]/u.test(name) ? null : name;
}
