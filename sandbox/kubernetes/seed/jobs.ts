import { at, listOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { registry } from "./application-list.ts";
import { hour, minute, type SeedContext } from "./seed-context.ts";

type CronSeed = {
  namespace: string;
  name: string;
  schedule: string;
  every: number;
  offset?: number;
  script: string;
  log: string[];
};

const cronJobs: CronSeed[] = [
  {
    namespace: "payments",
    name: "settlement-report",
    schedule: "*/30 * * * *",
    every: 30 * minute,
    script:
      "echo 'settlement: reading ledger'; sleep 4; echo 'settlement: 1284 entries, 0 mismatches'; echo 'settlement: report stored'",
    log: [
      "settlement: reading ledger",
      "settlement: 1284 entries, 0 mismatches",
      "settlement: report stored",
    ],
  },
  {
    namespace: "search",
    name: "reindex-products",
    schedule: "0 */6 * * *",
    every: 6 * hour,
    script: "echo 'reindex: products-v12'; sleep 6; echo 'reindex: 48210 documents in 5.8s'",
    log: ["reindex: products-v12", "reindex: 48210 documents in 5.8s"],
  },
  {
    namespace: "platform",
    name: "backup-etcd",
    schedule: "15 2 * * *",
    every: 24 * hour,
    offset: 2 * hour + 15 * minute,
    script: "echo 'backup: snapshot saved'; sleep 3; echo 'backup: uploaded to s3://acme-backups/etcd'",
    log: ["backup: snapshot saved", "backup: uploaded to s3://acme-backups/etcd"],
  },
];

function template(name: string, namespace: string, script: string) {
  return {
    metadata: { labels: { app: name } },
    spec: {
      restartPolicy: "Never",
      containers: [{ name, image: `${registry}/${namespace}/${name}:v1.2.0`, command: ["sh", "-c", script] }],
    },
  };
}

export function seedCronJobs(seed: SeedContext): void {
  for (const { namespace, name, schedule, script } of cronJobs) {
    seed.apply("batch/cronjobs", {
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        schedule,
        concurrencyPolicy: "Forbid",
        jobTemplate: { spec: { template: template(name, namespace, script) } },
      },
    });
  }
  seed.apply("batch/cronjobs", {
    metadata: { name: "cleanup-sessions", namespace: "checkout", labels: { app: "cleanup-sessions" } },
    spec: {
      schedule: "*/10 * * * *",
      suspend: true,
      jobTemplate: { spec: { template: template("cleanup-sessions", "checkout", "echo cleaned") } },
    },
  });
}

function podsOf(seed: SeedContext, job: KubeObject): KubeObject[] {
  return seed.cluster.store
    .list("/pods", job.metadata.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
}

/** Lets a job's pods run, write their log and end. */
function runToEnd(seed: SeedContext, job: KubeObject, log: string[], code = 0): void {
  seed.settle(3000);
  for (const pod of podsOf(seed, job)) {
    const container = String(at(listOf(pod.spec?.containers)[0], "name"));
    const runtime = seed.services.runtimes.find(pod.metadata.uid, container);
    for (const [index, line] of log.entries()) {
      runtime?.writeLog(`${line}\n`, new Date(seed.cluster.now().getTime() + index * 1500));
    }
    seed.settle(6000);
    seed.services.runtimes.finish(pod.metadata.uid, container, code);
  }
  seed.settle(2000);
}

/** The latest runs of each cron job, and a migration that ran once. */
export function seedFinishedJobs(seed: SeedContext): void {
  for (const { namespace, name, script, every, offset = 0, log } of cronJobs) {
    const last = Math.floor((Date.now() - offset) / every) * every + offset;
    for (const run of [2, 1, 0]) {
      const due = last - run * every;
      if (Date.now() - due < minute) continue;
      seed.goToAgo(Date.now() - due);
      const owner = seed.cluster.store.get("batch/cronjobs", namespace, name);
      if (owner === undefined) continue;
      const { apiVersion, kind, metadata } = owner;
      const job = seed.create(
        "batch/jobs",
        {
          metadata: {
            name: `${name}-${Math.floor(due / minute)}`,
            namespace,
            ownerReferences: [
              { apiVersion, kind, name, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
            ],
          },
          spec: { template: template(name, namespace, script) },
        },
        "kube-controller-manager",
      );
      const lastScheduleTime = `${new Date(due).toISOString().slice(0, 19)}Z`;
      seed.updateStatus("batch/cronjobs", owner, { lastScheduleTime }, "kube-controller-manager");
      runToEnd(seed, job, log);
    }
  }
  seed.goToAgo(3 * 24 * hour);
  const migration = seed.apply("batch/jobs", {
    metadata: { name: "ledger-migrate-v1-19", namespace: "payments", labels: { app: "ledger-migrate" } },
    spec: { backoffLimit: 2, template: template("migrate", "payments", "echo migrate; sleep 5; echo done") },
  });
  runToEnd(seed, migration, [
    "migrate: applying 0042_add_settlement_index",
    "migrate: applying 0043_ledger_partition",
    "migrate: done",
  ]);
}
