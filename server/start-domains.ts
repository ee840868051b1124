import { updateBuiltInRoles } from "../lib/access/roles/mutations.ts";
import { startAlertDelivery } from "../lib/alerts/delivery/worker.ts";
import { bindCredentials } from "../lib/clusters/credentials/bind-credentials.ts";
import { keepClustersChecked } from "../lib/clusters/health/keep-checked.ts";
import { systemContext } from "../lib/context.ts";
import { startIdentityConfirmation } from "../lib/identity/confirmation/worker.ts";
import { followProviders } from "../lib/identity/provider-changes/mutations.ts";
import type { OfOthers } from "../lib/identity/provider-changes/others.ts";
import { readStoredProviders } from "../lib/identity/provider-store/refresh.ts";
import { log } from "../lib/log.ts";
import { startConnectionKeeper } from "../lib/tunnels/connections/keeper.ts";
import { startWebhookDelivery } from "../lib/webhooks/delivery/worker.ts";
import { startTables } from "./start-tables.ts";

/** Whoever changed the provider has to say what that means; until then nobody of the former one is anybody here. */
function warnOfOthers(ofOtherProviders: OfOthers): void {
  const { people, groups } = ofOtherProviders;
  if (people + groups === 0) return;
  log.warn(
    { ofOtherProviders },
    "people and groups of an identity provider that is not configured have no access: set formerIssuer to it " +
      "at the provider that vouches for the same people now (docs/operations.md)",
  );
}

export interface RunningDomains {
  stop(): Promise<void>;
}

/** Brings the built-in roles up to date and starts what keeps grants, clusters and people fresh in this process. */
export async function startDomains(): Promise<RunningDomains> {
  const ctx = systemContext("start");
  await readStoredProviders();
  warnOfOthers(await followProviders({ ctx }));
  await updateBuiltInRoles({ ctx });
  await bindCredentials();
  const tables = await startTables();
  const confirmation = startIdentityConfirmation();
  const clusters = keepClustersChecked();
  const webhooks = startWebhookDelivery();
  const alerts = startAlertDelivery();
  const agents = startConnectionKeeper();
  const running = [tables, confirmation, clusters, webhooks, alerts, agents];
  return {
    stop: async () => {
      await Promise.all(running.map((each) => each.stop()));
    },
  };
}
