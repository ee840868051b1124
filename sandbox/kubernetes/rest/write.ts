import type { ResourceCall } from "../http/call.ts";
import { badRequest, StatusError } from "../http/status-error.ts";
import { type Fields, fieldsOf, isFields, textOf } from "../objects/fields.ts";
import { apiVersionOf, type Resource } from "../registry/resource.ts";
import { checkFields } from "../schema/check-fields.ts";

/** Refuses bodies of another kind or version than the path's. */
export function checkKind(object: Fields, expected: { kind: string; apiVersion: string }): void {
  const kind = textOf(object.kind) || expected.kind;
  const apiVersion = textOf(object.apiVersion) || expected.apiVersion;
  if (kind !== expected.kind || apiVersion !== expected.apiVersion) {
    const [version, group] = [...apiVersion.split("/").reverse(), ""];
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${expected.kind}: no kind "${kind}" is registered for version "${apiVersion}" in group "${group}"`,
    );
  }
  object.kind = expected.kind;
  object.apiVersion = expected.apiVersion;
}

export function expectedKind(resource: Resource): { kind: string; apiVersion: string } {
  return { kind: resource.kind, apiVersion: apiVersionOf(resource) };
}

/** Puts the path's namespace and name into the object; 400 when it says otherwise. */
export function checkScope(call: ResourceCall, object: Fields): void {
  const { resource, info } = call;
  if (!isFields(object.metadata)) object.metadata = {};
  const metadata = fieldsOf(object.metadata);
  if (resource.namespaced) {
    const stated = textOf(metadata.namespace);
    if (stated !== "" && stated !== info.namespace) {
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
    }
    metadata.namespace = info.namespace;
  } else {
    delete metadata.namespace;
  }
  if (info.name === "") return;
  const stated = textOf(metadata.name);
  if (stated !== "" && stated !== info.name) {
    throw badRequest(`the name of the object (${stated}) does not match the name on the URL (${info.name})`);
  }
  metadata.name = info.name;
}

/** Unknown fields: an error (`Strict`), a `Warning` header (`Warn`, the default) or nothing (`Ignore`). */
export function validateFields(call: ResourceCall, object: Fields): void {
  const level = call.query.get("fieldValidation") || "Warn";
  if (level === "Ignore") return;
  const problems = checkFields(call.resource, object);
  if (problems.unknown.length > 0 && level === "Strict") {
    const list = problems.unknown.map((path) => `unknown field "${path}"`).join(", ");
    throw badRequest(
      `${call.resource.kind} in version "${call.resource.version}" cannot be handled as a ${call.resource.kind}: strict decoding error: ${list}`,
    );
  }
  for (const path of problems.unknown)
    call.res.appendHeader("Warning", `299 - "unknown field \\"${path}\\""`);
}

/** Values of the wrong JSON type never decode, whatever `fieldValidation` says. */
export function checkTypes(call: ResourceCall, object: Fields): void {
  const { wrong } = checkFields(call.resource, object);
  const first = wrong[0];
  if (first === undefined) return;
  const { kind, version } = call.resource;
  throw new StatusError({
    code: 400,
    reason: "BadRequest",
    message: `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${first.found} into Go struct field ${first.path} of type ${first.expected}`,
  });
}
