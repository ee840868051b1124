import { config } from "../../../config.ts";
import type { Actor } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { log } from "../../../log.ts";
import { durationMs } from "../../policy/conditions/schema.ts";
import { RoleRequests } from "../../roles/document/schema.ts";

/** How people may ask for a role. */
export interface RequestRules {
  roleId: string;
  name: string;
  description: string;
  requestable: boolean;
  /** Whoever holds one of these roles may answer; empty: administrators alone. */
  approverRoles: readonly string[];
  longestMs: number;
  breakGlass: { anyone: boolean; groups: readonly string[] } | null;
}

type Reader = Pick<Transaction, "role">;

/** The roles that say how they may be asked for, by name. What is not understood may not be asked for. */
export async function readRequestRules(db: Reader): Promise<RequestRules[]> {
  const roles = await db.role.findMany({ orderBy: { name: "asc" } });
  return roles.flatMap((role) => {
    if (role.requests === null) return [];
    const parsed = RoleRequests.safeParse(role.requests);
    if (!parsed.success) {
      log.error({ role: role.name }, "how a role may be asked for is not understood: it may not be");
      return [];
    }
    const { requestable, approverRoles, maxDuration, breakGlass } = parsed.data;
    return {
      roleId: role.id,
      name: role.name,
      description: role.description,
      requestable,
      approverRoles,
      longestMs: maxDuration === undefined ? config().requests.longestMs : durationMs(maxDuration),
      breakGlass: breakGlass ?? null,
    };
  });
}

/** Whether the person may take the role at once. `holdsAny`: some role is granted to them. */
export function mayTakeAtOnce({ breakGlass }: RequestRules, actor: Actor, holdsAny: boolean): boolean {
  if (breakGlass === null || actor.kind !== "user") return false;
  return (breakGlass.anyone && holdsAny) || breakGlass.groups.some((group) => actor.groups.includes(group));
}
