import { startGrantUses } from "../lib/access/grants/use/keep-uses.ts";
import { startDecisionTable } from "../lib/access/table/refresh.ts";
import { followNamespaces } from "../lib/clusters/namespaces/follow-namespaces.ts";
import { followNodes } from "../lib/clusters/nodes/follow-nodes.ts";
import { startClusterRegistry } from "../lib/clusters/registry.ts";
import { onStoredProviders } from "../lib/config/stored-providers.ts";
import { stopFailedAuthentication } from "../lib/identity/failed-authentication/record.ts";
import { startStoredProviders } from "../lib/identity/provider-store/refresh.ts";
import { log } from "../lib/log.ts";
import { startAgentRegistry } from "../lib/tunnels/agents/registry.ts";

export interface RunningTables {
  stop(): Promise<void>;
}

/** Reads into this process's memory what each call asks for, grants and clusters, and whose people count, and keeps it fresh. */
export async function startTables(): Promise<RunningTables> {
  const providers = await startStoredProviders();
  const decisions = await startDecisionTable();
  // Grants to groups count where their provider does.
  const unsubscribe = onStoredProviders(() => {
    decisions.reload().catch((error: unknown) => log.warn({ err: error }, "grants could not be read again"));
  });
  const clusters = await startClusterRegistry();
  const agents = await startAgentRegistry();
  const labels = [followNodes(), followNamespaces()];
  const uses = startGrantUses();
  return {
    stop: async () => {
      unsubscribe();
      for (const each of labels) each.stop();
      // What was counted of failed authentications here is told.
      await Promise.all([
        stopFailedAuthentication(),
        providers.stop(),
        decisions.stop(),
        clusters.stop(),
        agents.stop(),
        uses.stop(),
      ]);
    },
  };
}
