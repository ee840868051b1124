import type { Services } from "../http/call.ts";
import { seedApplications, seedObservedState, seedRelease } from "./applications.ts";
import { seedClusterRoles, seedNamespaceRoles } from "./cluster-roles.ts";
import { seedConfiguration } from "./configuration.ts";
import { seedCertificates, seedDefinitions } from "./custom-resources.ts";
import { seedCronJobs, seedFinishedJobs } from "./jobs.ts";
import { seedNamespaces } from "./namespaces.ts";
import { seedNodes } from "./nodes.ts";
import { minute, SeedContext } from "./seed-context.ts";
import { seedDaemonSets, seedStatefulSets } from "./stateful.ts";
import { seedBrokenCanary, seedRestarts } from "./troubles.ts";

function live(seed: SeedContext): void {
  seed.goToDaysAgo(143);
  seedNamespaces(seed);
  seedNodes(seed);
  seedClusterRoles(seed);
  seedDefinitions(seed);
  seed.settle();
  seedConfiguration(seed);
  seedNamespaceRoles(seed);
  seedDaemonSets(seed);
  seed.goToDaysAgo(96);
  seedStatefulSets(seed);
  seed.settle(2 * minute);
  seedApplications(seed);
  seed.settle(2 * minute);
  seedCertificates(seed);
  seedCronJobs(seed);
  seed.goToDaysAgo(9);
  seedRelease(seed, 1);
  seed.goToDaysAgo(2.3);
  seedRelease(seed, 1, true);
  seedFinishedJobs(seed);
  seed.goToAgo(41 * minute);
  seedRelease(seed, 2, true);
  seed.settle(2 * minute);
  seedObservedState(seed);
  seedRestarts(seed);
  seedBrokenCanary(seed);
}

/**
 * Fills the cluster with a small company: a shop with payments, checkout, search and a platform team. The
 * controllers live through its past in made-up time, so that revisions, events and ages belong together.
 */
export function seedCluster(services: Services): void {
  const seed = new SeedContext(services);
  services.runtimes.runCommands = false;
  services.cluster.withFixedUids(() => live(seed));
  services.runtimes.runCommands = true;
  services.cluster.clock.followRealTime();
  services.cluster.store.compact();
}
