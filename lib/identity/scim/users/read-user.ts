import { PersonEmail } from "../../../names/schema.ts";
import { showValue } from "../../../names/shown-value.ts";
import { attributeOf, isObject, type JsonObject } from "../protocol/read-json.ts";
import { readBoolean, readObjects, readText, requireText } from "../protocol/read-values.ts";
import { ENTERPRISE_SCHEMA } from "../protocol/schema-names.ts";
import { invalidValue } from "../protocol/scim-error.ts";

/** What of a User is kept. Everything else that a client sends (`roles`, `entitlements`, `password`, ...) has no part in anything here. */
export interface ScimUserInput {
  userName: string;
  externalId: string | null;
  /** What the person is called here. */
  name: string;
  /** The person's name in clusters. */
  email: string;
  /** null: it does not say. */
  active: boolean | null;
  /** To be answered as they came. */
  attributes: JsonObject;
}

const MOST_EMAILS = 50;
const NAME_PARTS = [
  "formatted",
  "familyName",
  "givenName",
  "middleName",
  "honorificPrefix",
  "honorificSuffix",
];
const TEXTS = ["displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone"];
const ENTERPRISE_TEXTS = ["employeeNumber", "costCenter", "organization", "division", "department"];

/**
 * Reads a User as a client sends one.
 * @throws ScimError `invalidValue` that names the attribute.
 */
export function readUser(resource: JsonObject): ScimUserInput {
  const userName = requireText(resource, "userName");
  const name = readParts(attributeOf(resource, "name"), "name", NAME_PARTS);
  const texts = readParts(resource, "", TEXTS);
  const enterprise = readParts(attributeOf(resource, ENTERPRISE_SCHEMA), ENTERPRISE_SCHEMA, ENTERPRISE_TEXTS);
  const attributes: JsonObject = { ...texts };
  if (Object.keys(name).length > 0) attributes.name = name;
  if (Object.keys(enterprise).length > 0) attributes[ENTERPRISE_SCHEMA] = enterprise;
  return {
    userName,
    externalId: readText(resource, "externalId"),
    name: nameOf({ displayName: texts.displayName, name }) ?? userName,
    email: readEmail(resource, userName),
    active: readBoolean(resource, "active"),
    attributes,
  };
}

function readParts(value: unknown, of: string, names: readonly string[]): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalidValue(`${of}: got ${showValue(value)}; takes an object`);
  const parts = names.map((name) => [name, readText(value, name)] as const);
  return Object.fromEntries(parts.filter((part): part is [string, string] => part[1] !== null));
}

function nameOf({
  displayName,
  name,
}: {
  displayName?: string;
  name: Record<string, string>;
}): string | null {
  const joined = [name.givenName, name.familyName].filter(Boolean).join(" ");
  return (displayName ?? name.formatted ?? joined) || null;
}

/** The primary address, else that of work, else the first, else the user name where it is one. */
function readEmail(resource: JsonObject, userName: string): string {
  const emails = readObjects(resource, "emails", MOST_EMAILS).filter((each) => readText(each, "value", 254));
  const chosen =
    emails.find((each) => readBoolean(each, "primary")) ??
    emails.find((each) => readText(each, "type")?.toLowerCase() === "work") ??
    emails[0];
  const text = chosen ? readText(chosen, "value", 254) : userName;
  const parsed = PersonEmail.safeParse(text);
  if (parsed.success) return parsed.data;
  throw invalidValue(
    chosen
      ? `emails.value: got ${showValue(text)}; takes an e-mail address`
      : `emails: got nothing, and userName ${showValue(userName)} is no e-mail address; takes one of the two as an address, by which clusters know the person`,
  );
}
