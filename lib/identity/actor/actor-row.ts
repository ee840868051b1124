import type { Actor, ConsoleRole } from "../../context.ts";

/** A person's columns as the identity queries select them. */
export interface PersonRow {
  user_id: string;
  user_name: string | null;
  user_email: string | null;
  user_console_role: string;
  groups: string[];
  group_ids: string[];
}

/** SQL of those columns, of `users u`: the groups are those of the person's own identity provider. */
export const PERSON_COLUMNS = `
  u.id as user_id, u.name as user_name, u.email as user_email, u.console_role as user_console_role,
  array(${groupsOfPerson("g.name")}) as groups, array(${groupsOfPerson("g.id::text")}) as group_ids`;

/** SQL: whether `users u` belongs to an identity provider that is configured; $2 has the issuers in effect. */
export const VOUCHED_FOR = "u.issuer = any($2)";

function groupsOfPerson(column: string): string {
  return `select ${column} from group_members m join groups g on g.id = m.group_id
    where m.user_id = u.id and g.issuer = u.issuer`;
}

export function personActor(row: PersonRow): Extract<Actor, { kind: "user" }> {
  const email = row.user_email ?? "";
  return {
    kind: "user",
    id: row.user_id,
    name: row.user_name || email,
    email,
    consoleRole: consoleRoleOf(row.user_console_role),
    // Here, and not by the database: to sort thousands by its rules for a language takes it longer than all else.
    groups: row.groups.toSorted(),
    groupIds: row.group_ids,
  };
}

/** A database's text; a value that is not known gives no rights. */
export function consoleRoleOf(text: string): ConsoleRole {
  return text === "administrator" || text === "auditor" ? text : "user";
}
