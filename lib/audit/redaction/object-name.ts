import { openUnknown, protobufField, protobufMessage } from "../../wire/kubernetes-protobuf.ts";
import { fieldOf } from "./field-of.ts";
import { parseJsonPrefix } from "./json-prefix.ts";
import { UnsearchableError } from "./unsearchable-error.ts";

/** Longer than any name that kube-apiserver takes is none (DNS subdomain, 253; RBAC's path segments have no limit of their own). */
const MAX_NAME_LENGTH = 512;

/** `metadata.name` of a parsed object, where it has one that a path could hold. */
export function nameOfObject(object: unknown): string | null {
  const metadata = fieldOf(object, "metadata");
  return objectName(fieldOf(metadata, "name"));
}

/** The name in a cluster's answer to a create, of which the end may be missing: the object's, or the one that a Status says was refused. */
export function nameInJsonAnswer(text: string): string | null {
  try {
    const { value } = parseJsonPrefix(text);
    const isStatus = fieldOf(value, "kind") === "Status";
    return isStatus ? objectName(fieldOf(fieldOf(value, "details"), "name")) : nameOfObject(value);
  } catch (error) {
    if (error instanceof UnsearchableError) return null;
    throw error;
  }
}

/** The same of Kubernetes' protobuf: every object's field 1 is its ObjectMeta, whose field 1 is the name. */
export function nameOfProtobuf(content: Buffer): string | null {
  const unknown = openUnknown(content);
  const metadata = unknown && protobufMessage(unknown.raw, 1);
  const name = metadata && protobufField(metadata, 1);
  return name ? objectName(name.toString("utf8")) : null;
}

/** The same in protobuf: field 5 of a Status are its details, whose field 1 is the name. */
export function nameInProtobufAnswer(content: Buffer): string | null {
  const unknown = openUnknown(content);
  if (unknown?.kind !== "Status") return nameOfProtobuf(content);
  const details = protobufMessage(unknown.raw, 5);
  const name = details && protobufField(details, 1);
  return name ? objectName(name.toString("utf8")) : null;
}

/** kube-apiserver's IsValidPathSegmentName; no control character either. */
function objectName(name: unknown): string | null {
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_LENGTH) return null;
  return name === "." || name === ".." || /[/%\p{Cc}]/u.test(name) ? null : name;
}
