import type { ForwardableCall, Permit } from "./call.ts";
import type { CallRecord } from "./call-record.ts";
import type { Gateway } from "./gateway.ts";
import { END_MESSAGES, type EndReason, type LiveCall } from "./live-calls.ts";

/** A forwarded call as the registry of live calls knows it. */
export function liveCallOf(
  { gateway, record, call }: { gateway: Gateway; record: CallRecord; call: ForwardableCall },
  { longRunning, end }: Pick<LiveCall, "longRunning" | "end">,
): LiveCall {
  const { caller, permit, cluster, info, impersonation } = call;
  const { token, authenticated } = caller;
  return {
    actorKind: authenticated.actor.kind,
    actorId: "id" in authenticated.actor ? authenticated.actor.id : "",
    tokenId: authenticated.tokenId,
    grantId: permit.grantId,
    clusterId: cluster.id,
    expiresAt: authenticated.expiresAt.getTime(),
    longRunning,
    end,
    async isStillAllowed() {
      const now = await gateway.authenticateToken(token);
      if (now === null || gateway.findCluster(cluster.name)?.id !== cluster.id) return false;
      const { clientIp } = record;
      const asked = { actor: now.actor, cluster, requestInfo: info, impersonation, clientIp };
      const decision = gateway.decide({ ...asked, onlyRoleId: permit.roleId });
      return decision.allowed && isSameIdentity(decision, permit);
    },
  };
}

/** Whether the call would be made as the same user in the same groups: what runs goes on with those that it began with. */
function isSameIdentity({ impersonate: now }: Permit, { impersonate: then }: Permit): boolean {
  return now.user === then.user && covers(now.groups, then.groups) && covers(then.groups, now.groups);
}

function covers(groups: readonly string[], others: readonly string[]): boolean {
  return others.every((group) => groups.includes(group));
}

/** `Session ended: access was revoked`. */
export function endReasonMessage(text: string, reason: EndReason): string {
  return `${text}: ${END_MESSAGES[reason]}`;
}
