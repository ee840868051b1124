import { config } from "../../../config.ts";
import { MOST_RESOURCES } from "./list-query.ts";
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from "./schema-names.ts";

// What RFC 7643, sections 5 to 7 have a service say of itself.

const at = (path: string) => `${config().publicUrl}/scim/v2/${path}`;

export function serviceProviderConfig() {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESOURCES },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A SCIM token that an administrator made in the console.",
        specUri: "https://www.rfc-editor.org/rfc/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: at("ServiceProviderConfig") },
  };
}

export function resourceTypes() {
  const type = (name: "User" | "Group", schema: string, extensions: object[]) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: name,
    name,
    endpoint: `/${name}s`,
    description: name === "User" ? "A person" : "A group of people",
    schema,
    ...(extensions.length > 0 ? { schemaExtensions: extensions } : {}),
    meta: { resourceType: "ResourceType", location: at(`ResourceTypes/${name}`) },
  });
  return [
    type("User", USER_SCHEMA, [{ schema: ENTERPRISE_SCHEMA, required: false }]),
    type("Group", GROUP_SCHEMA, []),
  ];
}

interface Attribute {
  type?: "string" | "boolean" | "complex" | "reference";
  multiValued?: boolean;
  required?: boolean;
  caseExact?: boolean;
  mutability?: "readWrite" | "readOnly" | "immutable";
  returned?: "default" | "request";
  uniqueness?: "none" | "server";
  subAttributes?: object[];
}

const attribute = (name: string, description: string, given: Attribute = {}) => ({
  name,
  description,
  type: given.subAttributes ? "complex" : "string",
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
  ...given,
});

const texts = (...names: string[]) => names.map((name) => attribute(name, name));

const USER_ATTRIBUTES = () => [
  attribute("userName", "What the identity provider calls the person", {
    required: true,
    uniqueness: "server",
  }),
  attribute("name", "The person's name", { subAttributes: texts("formatted", "familyName", "givenName") }),
  ...texts("displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone"),
  attribute("active", "Whether the person may sign in; false ends everything at once", { type: "boolean" }),
  attribute("emails", "One is kept, the primary: clusters know the person by it", {
    multiValued: true,
    subAttributes: [
      ...texts("value", "type"),
      attribute("primary", "Whether it is the one", { type: "boolean" }),
    ],
  }),
  attribute("groups", "The person's groups, of one person alone", {
    multiValued: true,
    mutability: "readOnly",
    subAttributes: texts("value", "display"),
  }),
];

const GROUP_ATTRIBUTES = () => [
  attribute("displayName", "The group's name", { required: true, uniqueness: "server" }),
  attribute("members", "The people in it", {
    multiValued: true,
    subAttributes: texts("value", "display", "type"),
  }),
];

export function schemas() {
  const schema = (id: string, name: string, attributes: object[]) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id,
    name,
    description: name,
    attributes,
    meta: { resourceType: "Schema", location: at(`Schemas/${id}`) },
  });
  return [
    schema(USER_SCHEMA, "User", USER_ATTRIBUTES()),
    schema(GROUP_SCHEMA, "Group", GROUP_ATTRIBUTES()),
    schema(
      ENTERPRISE_SCHEMA,
      "EnterpriseUser",
      texts("employeeNumber", "costCenter", "organization", "division", "department"),
    ),
  ];
}
