import { isSameDecision } from "../../access/policy/fingerprint.ts";
import { sessionKindOf } from "../request/session-kind.ts";
import type { ForwardableCall } from "./call.ts";
import type { CallRecord } from "./call-record.ts";
import { circumstancesOf } from "./circumstances.ts";
import type { Gateway } from "./gateway.ts";
import { END_MESSAGES, type EndReason, type LiveCall } from "./live-calls.ts";

/** A forwarded call as the registry of live calls knows it. */
export function liveCallOf(
  { gateway, record, call }: { gateway: Gateway; record: CallRecord; call: ForwardableCall },
  { longRunning, end }: Pick<LiveCall, "longRunning" | "end">,
): LiveCall {
  const { caller, permit, cluster, info, impersonation, node } = call;
  return {
    caller,
    clusterId: cluster.id,
    startedAt: record.startedAt,
    until: permit.until,
    longRunning,
    end,
    stillAllowedUntil(actor) {
      const now = gateway.findCluster(cluster.name);
      if (now?.id !== cluster.id) return null;
      const decision = gateway.decide({
        actor,
        cluster: now,
        attributes: info,
        nodeLabels: node === null ? null : gateway.nodes.labelsOf(cluster.id, node),
        circumstances: circumstancesOf(record, {
          sessionKind: sessionKindOf(info),
          authenticated: caller.authenticated,
        }),
        impersonation,
        onlyGrantId: permit.grantId,
      });
      if (!decision.allowed) return null;
      return isSameDecision(decision, permit) ? decision.until : "changed";
    },
  };
}

/** `Session ended: access was revoked`. */
export function endReasonMessage(text: string, reason: EndReason): string {
  return `${text}: ${END_MESSAGES[reason]}`;
}
