import { cloneJson, type Fields, fieldsOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, ownerReference, watchOwned } from "./controller.ts";
import { isDue } from "./cron-schedule.ts";
import { recordEvent } from "./events.ts";
import { isFinishedJob } from "./jobs.ts";

const component = "cronjob-controller";

function startJob(client: Client, cronJob: KubeObject, due: Date): void {
  const template = fieldsOf(cronJob.spec?.jobTemplate);
  const minute = Math.floor(due.getTime() / 60_000);
  const metadata = fieldsOf(template.metadata);
  const created = client.create("batch/jobs", {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: {
      name: `${cronJob.metadata.name}-${minute}`,
      namespace: cronJob.metadata.namespace ?? "",
      labels: fieldsOf(metadata.labels) as Record<string, string>,
      annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": formatTime(due) },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec: cloneJson(fieldsOf(template.spec)),
  });
  if (created === undefined) return;
  client.updateStatus("batch/cronjobs", cronJob, (status) => ({
    ...status,
    lastScheduleTime: formatTime(due),
  }));
  const message = `Created job ${created.metadata.name}`;
  recordEvent(client, { object: cronJob, reason: "SuccessfulCreate", message, component });
}

function runDue(client: Client): void {
  const minute = new Date(Math.floor(client.now.getTime() / 60_000) * 60_000);
  for (const cronJob of client.list("batch/cronjobs")) {
    if (cronJob.spec?.suspend === true || !isDue(textOf(cronJob.spec?.schedule), minute)) continue;
    const jobs = ownedBy(client.list("batch/jobs", cronJob.metadata.namespace), cronJob);
    const busy = jobs.some((job) => !isFinishedJob(job));
    if (busy && cronJob.spec?.concurrencyPolicy === "Forbid") continue;
    startJob(client, cronJob, minute);
  }
}

/** Keeps the newest finished jobs, as many as the history limits allow, and the status up to date. */
function reconcile(client: Client, cronJob: KubeObject): void {
  const jobs = ownedBy(client.list("batch/jobs", cronJob.metadata.namespace), cronJob);
  const finished = jobs
    .filter(isFinishedJob)
    .sort((left, right) => (left.metadata.creationTimestamp < right.metadata.creationTimestamp ? 1 : -1));
  const succeeded = finished.filter((job) => numberOf(job.status?.succeeded) > 0);
  const failed = finished.filter((job) => numberOf(job.status?.succeeded) === 0);
  const surplus = [
    ...succeeded.slice(numberOf(cronJob.spec?.successfulJobsHistoryLimit, 3)),
    ...failed.slice(numberOf(cronJob.spec?.failedJobsHistoryLimit, 1)),
  ];
  for (const job of surplus) client.delete("batch/jobs", job, { propagationPolicy: "Background" });
  client.updateStatus("batch/cronjobs", cronJob, (before) => {
    const { active: _active, ...after }: Fields = before;
    const running = jobs.filter((job) => !isFinishedJob(job));
    if (running.length > 0) {
      after.active = running.map(({ metadata }) => ({
        kind: "Job",
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        apiVersion: "batch/v1",
        resourceVersion: metadata.resourceVersion,
      }));
    }
    const last = succeeded[0]?.status?.completionTime;
    return last === undefined ? after : { ...after, lastSuccessfulTime: last };
  });
}

/** Begins the clock of cron jobs; call it once the cluster's time is real. */
export function startCronJobs(client: Client): void {
  watchOwned(client, {
    storage: "batch/cronjobs",
    owned: ["batch/jobs"],
    kind: "CronJob",
    reconcile: (cronJob) => reconcile(client, cronJob),
  });
}

export function tickCronJobs(client: Client): void {
  const untilNextMinute = 60_000 - (client.now.getTime() % 60_000);
  client.cluster.clock.schedule(untilNextMinute + 50, () => {
    runDue(client);
    tickCronJobs(client);
  });
}
