import { type ScimPatchOperation, type ScimResource, scimPatch } from "scim-patch";
import type { PatchOperation } from "../protocol/patch-operations.ts";
import type { JsonObject } from "../protocol/read-json.ts";
import { ScimError } from "../protocol/scim-error.ts";
import type { UserResource } from "./user-resource.ts";

const MOST_OPERATIONS = 100;
/** As they are written here: names are without case (RFC 7643, section 2.1), and the library's are not. */
const NAMES = ["active", "displayName", "emails", "externalId", "name", "userName", "title", "schemas"];

/**
 * A User as it is after the operations of a PATCH.
 * @throws ScimError `invalidPath`, `noTarget`, `invalidValue`
 */
export function patchUser(resource: UserResource, operations: readonly PatchOperation[]): JsonObject {
  if (operations.length > MOST_OPERATIONS) {
    throw new ScimError(400, "tooMany", `Operations: takes at most ${MOST_OPERATIONS} for a User`);
  }
  for (const { path } of operations) {
    if (path === "id" || path === "meta") throw new ScimError(400, "mutability", `${path} cannot be changed`);
  }
  const { groups: _groups, ...changing } = structuredClone(resource);
  try {
    return scimPatch(changing as unknown as ScimResource, operations.map(asWritten)) as unknown as JsonObject;
  } catch (error) {
    throw explain(error);
  }
}

function asWritten({ op, path, value }: PatchOperation): ScimPatchOperation {
  const named = path === null ? undefined : withName(path);
  return {
    op,
    path: named,
    value: named === undefined ? namedKeys(value as JsonObject) : value,
  } as ScimPatchOperation;
}

function withName(path: string): string {
  const [, first = path, rest = ""] = /^([A-Za-z]+)(.*)$/s.exec(path) ?? [];
  const name = NAMES.find((each) => each.toLowerCase() === first.toLowerCase());
  return name === undefined ? path : name + rest;
}

const namedKeys = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [withName(key), inner]));

function explain(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  const { scimCode, message } = error as { scimCode?: string; message?: string };
  const type = scimCode === "noTarget" || scimCode === "invalidValue" ? scimCode : "invalidPath";
  return new ScimError(400, type, `Operations: ${message ?? "a path is not understood"}`);
}
