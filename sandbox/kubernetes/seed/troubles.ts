import { at, isFields, listOf, numberOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { registry } from "./application-list.ts";
import { hour, minute, type SeedContext } from "./seed-context.ts";

/** A canary whose image was never pushed: there is something to find in the events. */
export function seedBrokenCanary(seed: SeedContext): void {
  seed.goToAgo(24 * minute);
  const labels = { app: "indexer-canary" };
  seed.apply("apps/deployments", {
    metadata: { name: "indexer-canary", namespace: "search", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "indexer", image: `${registry}/search/indexer:v1.32.0-rc1-missing` }] },
      },
    },
  });
  seed.settle(20_000);
}

function podOf(seed: SeedContext, namespace: string, app: string): KubeObject | undefined {
  return seed.cluster.store.list("/pods", namespace).find((pod) => pod.metadata.labels?.app === app);
}

/** Some pods have been restarted before. */
export function seedRestarts(seed: SeedContext): void {
  const restarted: [namespace: string, app: string, count: number, ago: number, code: number][] = [
    ["payments", "webhook-dispatcher", 3, 5 * hour, 137],
    ["search", "opensearch", 1, 40 * hour, 1],
    ["monitoring", "grafana", 2, 26 * hour, 2],
  ];
  for (const [namespace, app, count, ago, exitCode] of restarted) {
    const pod = podOf(seed, namespace, app);
    if (pod === undefined) continue;
    const finishedAt = formatTime(new Date(Date.now() - ago));
    const statuses = listOf(at(pod, "status", "containerStatuses")).filter(isFields);
    const containerStatuses = statuses.map((status) => ({
      ...status,
      restartCount: numberOf(status.restartCount) + count,
      state: { running: { startedAt: finishedAt } },
      lastState: {
        terminated: {
          exitCode,
          reason: exitCode === 137 ? "OOMKilled" : "Error",
          startedAt: pod.metadata.creationTimestamp,
          finishedAt,
          containerID: status.containerID,
        },
      },
    }));
    seed.updateStatus("/pods", pod, { containerStatuses });
  }
}
