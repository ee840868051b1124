import { at, equalJson, type Fields, listOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { type Client, ownedBy, watchOwned } from "./controller.ts";
import { recordEvent } from "./events.ts";
import { isActive, isReady, podFromTemplate } from "./replica-sets.ts";

const component = "job-controller";

function inPhase(pods: KubeObject[], phase: string): KubeObject[] {
  return pods.filter((pod) => at(pod, "status", "phase") === phase);
}

export function isFinishedJob(job: KubeObject): boolean {
  return listOf(at(job, "status", "conditions")).some((condition) => {
    const type = textOf(at(condition, "type"));
    return (type === "Complete" || type === "Failed") && at(condition, "status") === "True";
  });
}

function condition(type: string, now: string, reason: string, message: string): Fields {
  return { type, status: "True", lastProbeTime: now, lastTransitionTime: now, reason, message };
}

function outcome(job: KubeObject, succeeded: number, failed: number, now: string): Fields | undefined {
  const completions = numberOf(job.spec?.completions, 1);
  if (succeeded >= completions) {
    const message = "Reached expected number of succeeded pods";
    const conditions = ["SuccessCriteriaMet", "Complete"].map((type) =>
      condition(type, now, "CompletionsReached", message),
    );
    return { completionTime: now, conditions };
  }
  if (failed <= numberOf(job.spec?.backoffLimit, 6)) return undefined;
  const message = "Job has reached the specified backoff limit";
  return {
    conditions: ["FailureTarget", "Failed"].map((type) =>
      condition(type, now, "BackoffLimitExceeded", message),
    ),
  };
}

function startPods(client: Client, job: KubeObject, active: number, succeeded: number): void {
  if (job.spec?.suspend === true) return;
  const missing = numberOf(job.spec?.completions, 1) - succeeded;
  const wanted = Math.min(numberOf(job.spec?.parallelism, 1), missing);
  for (let count = active; count < wanted; count += 1) {
    const created = client.create("/pods", podFromTemplate(job, { generateName: `${job.metadata.name}-` }));
    if (created === undefined) return;
    const message = `Created pod: ${created.metadata.name}`;
    recordEvent(client, { object: job, reason: "SuccessfulCreate", message, component });
  }
}

function reconcile(client: Client, job: KubeObject): void {
  if (job.metadata.deletionTimestamp !== undefined || isFinishedJob(job)) return;
  const pods = ownedBy(client.list("/pods", job.metadata.namespace), job);
  const active = pods.filter(isActive);
  const succeeded = inPhase(pods, "Succeeded").length;
  const failed = inPhase(pods, "Failed").length;
  const now = formatTime(client.now);
  const result = outcome(job, succeeded, failed, now);
  if (result === undefined) startPods(client, job, active.length, succeeded);
  const current = ownedBy(client.list("/pods", job.metadata.namespace), job).filter(isActive);
  client.updateStatus("batch/jobs", job, (before) => {
    const after: Fields = {
      ...before,
      startTime: before.startTime ?? now,
      terminating: 0,
      uncountedTerminatedPods: {},
      ready: current.filter(isReady).length,
      ...result,
    };
    const counts = { active: result === undefined ? current.length : 0, succeeded, failed };
    for (const [name, count] of Object.entries(counts)) {
      if (count > 0) after[name] = count;
      else delete after[name];
    }
    return equalJson(before, after) ? before : after;
  });
  if (result?.completionTime !== undefined) {
    recordEvent(client, { object: job, reason: "Completed", message: "Job completed", component });
  }
}

export function startJobs(client: Client): void {
  watchOwned(client, {
    storage: "batch/jobs",
    owned: ["/pods"],
    kind: "Job",
    reconcile: (job) => reconcile(client, job),
  });
}
