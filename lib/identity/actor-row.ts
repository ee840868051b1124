import type { Actor, ConsoleRole } from "../context.ts";

/** A person's columns as the identity queries select them. */
export interface PersonRow {
  user_id: string;
  user_name: string | null;
  user_email: string | null;
  user_console_role: string;
  groups: string[];
}

/** SQL of those columns, of `users u`; $2 is the issuer in effect. */
export const PERSON_COLUMNS = `
  u.id as user_id, u.name as user_name, u.email as user_email, u.console_role as user_console_role,
  array(select g.name from group_members m join groups g on g.id = m.group_id where m.user_id = u.id and g.issuer = $2 order by g.name) as groups`;

/**
 * SQL: whether the identity provider in effect ($2) is the one that `users u` signs in with. Who was made known and has not signed in yet
 * has none.
 */
export const VOUCHED_FOR = `
  (not exists (select 1 from accounts c where c.user_id = u.id)
    or exists (select 1 from accounts c where c.user_id = u.id and c.issuer = $2))`;

export function personActor(row: PersonRow): Extract<Actor, { kind: "user" }> {
  const email = row.user_email ?? "";
  return {
    kind: "user",
    id: row.user_id,
    name: row.user_name || email,
    email,
    consoleRole: consoleRoleOf(row.user_console_role),
    groups: row.groups,
  };
}

/** A database's text; a value that is not known gives no rights. */
export function consoleRoleOf(text: string): ConsoleRole {
  return text === "administrator" || text === "auditor" ? text : "user";
}
