import { compact, type Fields } from "../objects/fields.ts";

type StatusCause = { reason?: string; message?: string; field?: string };

export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
};

/** A refusal, answered as a `Status` object with kube-apiserver's wording, reason and code. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(input: { code: number; reason: string; message: string; details?: StatusDetails }) {
    super(input.message);
    this.code = input.code;
    this.reason = input.reason;
    this.details = input.details;
  }

  toStatus(): Fields {
    return compact({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason === "" ? undefined : this.reason,
      details: this.details === undefined ? undefined : compact({ ...this.details }),
      code: this.code,
    });
  }
}

/** The group and plural name that an error names; `group` is empty for the core group. */
export type QualifiedResource = { group: string; resource: string };

function qualifiedName({ group, resource }: QualifiedResource): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function detailsOf(resource: QualifiedResource, name: string): StatusDetails {
  return compact({
    name: name === "" ? undefined : name,
    group: resource.group === "" ? undefined : resource.group,
    kind: resource.resource,
  });
}

export function notFound(resource: QualifiedResource, name: string): StatusError {
  return new StatusError({
    code: 404,
    reason: "NotFound",
    message: `${qualifiedName(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  });
}

export function noSuchResource(): StatusError {
  return new StatusError({
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
    details: {},
  });
}

export function alreadyExists(resource: QualifiedResource, name: string): StatusError {
  return new StatusError({
    code: 409,
    reason: "AlreadyExists",
    message: `${qualifiedName(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  });
}

export function conflict(resource: QualifiedResource, name: string, why: string): StatusError {
  return new StatusError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  });
}

export function staleResourceVersion(resource: QualifiedResource, name: string): StatusError {
  return conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function forbidden(resource: QualifiedResource, name: string, why: string): StatusError {
  const subject = name === "" ? qualifiedName(resource) : `${qualifiedName(resource)} "${name}"`;
  return new StatusError({
    code: 403,
    reason: "Forbidden",
    message: `${subject} is forbidden: ${why}`,
    details: detailsOf(resource, name),
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: "BadRequest", message });
}

export function unauthorized(): StatusError {
  return new StatusError({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
}

export function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
    details: {},
  });
}

export function unsupportedMediaType(accepted: string[]): StatusError {
  return new StatusError({
    code: 415,
    reason: "UnsupportedMediaType",
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  });
}

export function notAcceptable(accepted: string[]): StatusError {
  return new StatusError({
    code: 406,
    reason: "NotAcceptable",
    message: `only the following media types are accepted: ${accepted.join(", ")}`,
  });
}

export function expired(message: string): StatusError {
  return new StatusError({ code: 410, reason: "Expired", message });
}

export function internalError(message: string): StatusError {
  return new StatusError({
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
}

/** One wrong field of an object, in the words of k8s.io/apimachinery's field errors. */
export type FieldError = { field: string; reason: string; message: string };

export function requiredValue(field: string, detail = ""): FieldError {
  const message = detail === "" ? "Required value" : `Required value: ${detail}`;
  return { field, reason: "FieldValueRequired", message };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${detail}`;
  return { field, reason: "FieldValueInvalid", message };
}

export function invalid(kind: { group: string; kind: string }, name: string, errors: FieldError[]) {
  const qualifiedKind = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = errors.map((error) => `${error.field}: ${error.message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new StatusError({
    code: 422,
    reason: "Invalid",
    message: `${qualifiedKind} "${name}" is invalid: ${list}`,
    details: compact({
      name,
      group: kind.group === "" ? undefined : kind.group,
      kind: kind.kind,
      causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
    }),
  });
}
