import { updateBuiltInRoles } from "../lib/access/roles/mutations.ts";
import { startDecisionTable } from "../lib/access/table/refresh.ts";
import { bindCredentials } from "../lib/clusters/credentials/bind-credentials.ts";
import { startClusterRegistry } from "../lib/clusters/registry.ts";
import { systemContext } from "../lib/context.ts";
import { startIdentityConfirmation } from "../lib/identity/confirmation/worker.ts";
import { stopFailedAuthentication } from "../lib/identity/failed-authentication/record.ts";

export interface RunningDomains {
  stop(): Promise<void>;
}

/** Brings the built-in roles up to date and starts what keeps grants, clusters and people fresh in this process. */
export async function startDomains(): Promise<RunningDomains> {
  await updateBuiltInRoles({ ctx: systemContext("start") });
  const decisions = await startDecisionTable();
  await bindCredentials();
  const clusters = await startClusterRegistry();
  const confirmation = startIdentityConfirmation();
  return {
    stop: async () => {
      await Promise.all([decisions.stop(), clusters.stop(), confirmation.stop(), stopFailedAuthentication()]);
    },
  };
}
