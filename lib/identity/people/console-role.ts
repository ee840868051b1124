import { config } from "../../config.ts";
import type { ConsoleRole } from "../../context.ts";

/** The console role that membership of these groups gives (oidc.administratorGroups, oidc.auditorGroups). */
export function consoleRoleOfGroups(groups: readonly string[]): ConsoleRole {
  const { oidc } = config();
  const memberOf = (wanted: readonly string[] = []) => groups.some((group) => wanted.includes(group));
  if (memberOf(oidc?.administratorGroups)) return "administrator";
  return memberOf(oidc?.auditorGroups) ? "auditor" : "user";
}
