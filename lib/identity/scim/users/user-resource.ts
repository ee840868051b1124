import type { User } from "../../../../prisma/generated/client.ts";
import { config } from "../../../config.ts";
import { isObject, type JsonObject } from "../protocol/read-json.ts";
import { ENTERPRISE_SCHEMA, USER_SCHEMA } from "../protocol/schema-names.ts";

/** A person as RFC 7643, section 4.1 has one: what SCIM said of them, else what the sign-in did. */
export function userResource(user: User, groups?: readonly { id: string; name: string }[]) {
  const attributes = readAttributes(user.scimAttributes);
  const { [ENTERPRISE_SCHEMA]: enterprise, ...core } = attributes;
  return {
    schemas: enterprise === undefined ? [USER_SCHEMA] : [USER_SCHEMA, ENTERPRISE_SCHEMA],
    id: user.id,
    ...(user.scimExternalId === null ? {} : { externalId: user.scimExternalId }),
    userName: user.scimUserName ?? user.email ?? "",
    name: { formatted: user.name ?? "" },
    displayName: user.name ?? "",
    ...core,
    emails: user.email === null ? [] : [{ value: user.email, type: "work", primary: true }],
    active: user.enabled,
    ...(groups ? { groups: groups.map(({ id, name }) => ({ value: id, display: name })) } : {}),
    ...(enterprise === undefined ? {} : { [ENTERPRISE_SCHEMA]: enterprise }),
    meta: {
      resourceType: "User",
      created: user.createdAt.toISOString(),
      lastModified: user.updatedAt.toISOString(),
      location: `${config().publicUrl}/scim/v2/Users/${user.id}`,
    },
  };
}
export type UserResource = ReturnType<typeof userResource>;

const readAttributes = (stored: unknown): JsonObject => (isObject(stored) ? stored : {});
