import type { Services } from "../http/call.ts";
import { Client } from "./controller.ts";
import { startCronJobs, tickCronJobs } from "./cron-jobs.ts";
import { startCustomResources } from "./custom-resources.ts";
import { startDaemonSets } from "./daemon-sets.ts";
import { startDeployments } from "./deployments.ts";
import { startDisruptionBudgets } from "./disruption-budgets.ts";
import { startEndpoints } from "./endpoints.ts";
import { expireEvents } from "./events.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import { startJobs } from "./jobs.ts";
import { Kubelet } from "./kubelet.ts";
import { startNamespaces } from "./namespaces.ts";
import { startReplicaSets } from "./replica-sets.ts";
import { startScheduler } from "./scheduler.ts";
import { startStatefulSets } from "./stateful-sets.ts";
import { startVolumes } from "./volumes.ts";

/** Starts what makes the cluster act by itself. They run on the cluster's clock, and stop with it. */
export function startControllers(services: Services): { startTimetables(): void } {
  const manager = new Client(services, "kube-controller-manager");
  const collector = new GarbageCollector(manager);
  startNamespaces(manager);
  startCustomResources(manager, () => collector.watchAll());
  startScheduler(new Client(services, "kube-scheduler"));
  new Kubelet(new Client(services, "kubelet")).start();
  startReplicaSets(manager);
  startDeployments(manager);
  startStatefulSets(manager);
  startDaemonSets(manager);
  startJobs(manager);
  startCronJobs(manager);
  startEndpoints(manager);
  startVolumes(manager);
  startDisruptionBudgets(manager);
  collector.watchAll();
  return {
    startTimetables() {
      tickCronJobs(manager);
      expireEvents(manager);
    },
  };
}
