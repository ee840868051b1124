import { config } from "../../../config.ts";
import { GROUP_SCHEMA } from "../protocol/schema-names.ts";

export interface GroupRow {
  id: string;
  name: string;
  display_name: string | null;
  scim_external_id: string | null;
  created_at: Date;
  scim_updated_at: Date | null;
}

export interface GroupMemberRow {
  id: string;
  name: string;
}

/** A group as RFC 7643, section 4.2 has one. */
export function groupResource(row: GroupRow, members?: readonly GroupMemberRow[]) {
  return {
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.scim_external_id === null ? {} : { externalId: row.scim_external_id }),
    displayName: row.display_name ?? row.name,
    ...(members
      ? { members: members.map(({ id, name }) => ({ value: id, display: name, type: "User" })) }
      : {}),
    meta: {
      resourceType: "Group",
      created: row.created_at.toISOString(),
      lastModified: (row.scim_updated_at ?? row.created_at).toISOString(),
      location: `${config().publicUrl}/scim/v2/Groups/${row.id}`,
    },
  };
}
