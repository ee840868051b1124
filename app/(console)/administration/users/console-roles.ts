import type { ConsoleRole } from "../../../../lib/context.ts";

/** What somebody is to the console, in words. */
export const CONSOLE_ROLES: Record<ConsoleRole, string> = {
  administrator: "Administrator",
  auditor: "Auditor",
  user: "User",
};
