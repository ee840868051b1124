import { showValue } from "../../../names/shown-value.ts";
import { isUuid } from "../../../names/uuid.ts";
import type { PatchOperation } from "../protocol/patch-operations.ts";
import { attributeOf, isObject, type JsonObject } from "../protocol/read-json.ts";
import { readObjects, readText, requireText } from "../protocol/read-values.ts";
import { invalidValue, ScimError } from "../protocol/scim-error.ts";

/** So many members a request may name; a body of a megabyte has no room for more. */
const MOST_MEMBERS = 20_000;

/** A group as a client sends it whole. */
export interface ScimGroupInput {
  displayName: string;
  externalId: string | null;
  members: string[];
}

/** What a PATCH changes: the steps follow one another. */
export interface GroupChange {
  displayName?: string;
  externalId?: string | null;
  members: MemberStep[];
}

/** `ids`: null for everybody, where they are removed. */
export type MemberStep = { kind: "add" | "set"; ids: string[] } | { kind: "remove"; ids: string[] | null };

/** @throws ScimError `invalidValue` that names the attribute. */
export function readGroup(resource: JsonObject): ScimGroupInput {
  return {
    displayName: requireText(resource, "displayName"),
    externalId: readText(resource, "externalId"),
    members: readMembers(resource, "members"),
  };
}

function readMembers(object: JsonObject, name: string): string[] {
  return [...new Set(readObjects(object, name, MOST_MEMBERS).map(readMember))];
}

function readMember(member: JsonObject): string {
  const type = attributeOf(member, "type");
  if (typeof type === "string" && type.toLowerCase() === "group") {
    throw invalidValue("members.type: got Group; takes people alone: groups have no groups in them here");
  }
  return memberId(attributeOf(member, "value"));
}

function memberId(value: unknown): string {
  if (typeof value === "string" && isUuid(value)) return value.toLowerCase();
  throw invalidValue(`members.value: got ${showValue(value)}; takes the id of a User`);
}

/** `members[value eq "…"]`, as Entra and Okta remove one. */
const ONE_MEMBER = /^members\[\s*value\s+eq\s+"([^"\\]*)"\s*\]$/i;

/**
 * What the operations of a PATCH change of a group.
 * @throws ScimError `invalidPath`, `invalidValue`, `mutability`
 */
export function readGroupChange(operations: readonly PatchOperation[]): GroupChange {
  const change: GroupChange = { members: [] };
  for (const operation of operations) readOperation(change, operation);
  return change;
}

function readOperation(change: GroupChange, operation: PatchOperation): void {
  const { op, path, value } = operation;
  if (path === null) {
    for (const [name, inner] of Object.entries(value as JsonObject)) {
      // A client repeats with the names what it changes; the id is in the address.
      if (/^(?:id|schemas|meta)$/i.test(name)) continue;
      readOperation(change, { op, path: name, value: inner });
    }
    return;
  }
  const one = ONE_MEMBER.exec(path);
  if (one) {
    change.members.push(stepOfOne(operation, memberId(one[1])));
    return;
  }
  readAttribute(change, operation, path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:Group:/i, ""));
}

function stepOfOne({ op }: PatchOperation, id: string): MemberStep {
  return { kind: op === "remove" ? "remove" : "add", ids: [id] };
}

function readAttribute(change: GroupChange, { op, value }: PatchOperation, path: string): void {
  const given: JsonObject = { [path]: op === "remove" ? null : value };
  switch (path.toLowerCase()) {
    case "displayname":
      change.displayName = requireText(given, "displayName");
      return;
    case "externalid":
      change.externalId = readText(given, "externalId");
      return;
    case "members":
      change.members.push(readMemberStep(op, value));
      return;
    case "id":
    case "meta":
      throw new ScimError(400, "mutability", `${path} cannot be changed`);
    default:
      throw new ScimError(
        400,
        "invalidPath",
        `Operations.path: got ${showValue(path)}; takes displayName, externalId, members or members[value eq "id"]`,
      );
  }
}

function readMemberStep(op: PatchOperation["op"], value: unknown): MemberStep {
  if (op === "remove") {
    const isNothing =
      value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
    return { kind: "remove", ids: isNothing ? null : readMembers({ members: value }, "members") };
  }
  return { kind: op === "add" ? "add" : "set", ids: readMembers({ members: value }, "members") };
}
