import { decisionTime } from "../../access/clock.ts";
import { clusterAccess } from "../../access/cluster-access.ts";
import type { Circumstances } from "../../access/policy/circumstances.ts";
import { findClusterById } from "../../clusters/registry.ts";
import { authenticateToken } from "../../identity/authenticate.ts";
import { isSessionOpen } from "../../identity/sessions/data.ts";
import { log } from "../../log.ts";
import type { Terminal } from "./terminal.ts";
import { endOf, type TerminalEnd } from "./terminal-end.ts";

/** Under what circumstances somebody asks for a cluster from the web shell, now. */
export const nowAtCluster = (clientAddress: string | null, secondFactorAt?: Date | null): Circumstances => ({
  time: decisionTime(),
  clientAddress,
  accessMethod: "Browser",
  sessionKind: null,
  secondFactorAt: secondFactorAt?.getTime() ?? null,
});

/**
 * Why a terminal may not go on; null while it may: while its console session, its person, a grant on the cluster and the cluster are there. While the
 * database cannot be asked, what was allowed a moment ago stays so.
 */
export async function findEnd({ token, cluster, owner, clientIp }: Terminal): Promise<TerminalEnd | null> {
  if (Date.now() >= token.endsAt.getTime()) return endOf("session");
  if (findClusterById(cluster.id)?.name !== cluster.name) return endOf("cluster");
  try {
    const now = await authenticateToken(token.token);
    if (now === null) return endOf((await isSessionOpen(owner.sessionId)) ? "revoked" : "session");
    return clusterAccess(now.actor, cluster.id, nowAtCluster(clientIp, now.secondFactorAt))
      ? null
      : endOf("revoked");
  } catch (error) {
    log.warn({ err: error }, "whether a terminal may go on could not be asked");
    return null;
  }
}
