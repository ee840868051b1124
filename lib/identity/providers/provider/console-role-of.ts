import type { ConsoleRole } from "../../../context.ts";

/** What groups are in the console where a provider's settings name some for its roles: the highest of them. */
export function consoleRoleOf(
  { administratorGroups, auditorGroups }: { administratorGroups: string[]; auditorGroups: string[] },
  groups: readonly string[],
): ConsoleRole {
  const own = new Set(groups);
  if (administratorGroups.some((group) => own.has(group))) return "administrator";
  return auditorGroups.some((group) => own.has(group)) ? "auditor" : "user";
}
