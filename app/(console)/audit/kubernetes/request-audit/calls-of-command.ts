import type { RequestAuditEntry } from "../../../../../lib/audit/request-audit/schema.ts";
import { quote } from "../../../../../lib/filter/tokenize.ts";

type CommandIdentity = Pick<RequestAuditEntry, "name" | "email" | "clusterName" | "command"> & {
  sessionId: string;
};

/** The filter for a command's calls: not the session's id alone, which others may use as well. */
export function callsOfCommand({ sessionId, name, email, clusterName, command }: CommandIdentity): string {
  const said = { sessionId, name, email, cluster: clusterName };
  const conditions = Object.entries(said)
    .filter(([, value]) => value)
    .map(([field, value]) => `${field} = ${quote(value ?? "")}`);
  // Empty text is absence: the session may have calls under a claim as well.
  return [...conditions, `command = ${quote(command ?? "")}`].join(" AND ");
}
