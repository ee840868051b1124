import type { ConsoleRole } from "../../context.ts";
import { providerOf } from "../providers/registry.ts";

/** The console role that these groups of an issuer's give: what its provider is configured to make of them. */
export function consoleRoleOfGroups(groups: readonly string[], issuer: string | null): ConsoleRole {
  return providerOf(issuer)?.consoleRoleOf(groups) ?? "user";
}
