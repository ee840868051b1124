import { AggregatorRegistry, Counter, Gauge, Registry, register } from "prom-client";
import type { Metrics } from "./messages.ts";
import type { WorkerProcess, WorkerReport } from "./worker-process.ts";

/**
 * The metrics of the main process and of all others as one text. Each series says by the label `process` whose it is, so that a
 * process that is started again begins its own counters anew and nobody else's. One that does not answer in time has `kubewitness_process_up` 0 and
 * nothing else.
 */
export async function metricsOfAll(workers: readonly WorkerProcess[]): Promise<string> {
  const main = (await register.getMetricsAsJSON()) as Metrics;
  const answers = await Promise.all(
    workers.map(async (worker) => ({ worker, metrics: await worker.measure() })),
  );
  const processes = await describeProcesses(
    answers.map(({ worker, metrics }) => ({ report: worker.report(), isUp: metrics !== null })),
  );
  const ofWorkers = answers.map(({ worker, metrics }) => ofProcess(worker.report().name, metrics ?? []));
  // Each series is one process's: nothing is added up.
  return AggregatorRegistry.aggregate([ofProcess("main", main), ...ofWorkers, processes]).metrics();
}

function ofProcess(process: string, metrics: Metrics): Metrics {
  return metrics.map((metric) => ({
    ...metric,
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, process } })),
  }));
}

async function describeProcesses(
  processes: readonly { report: WorkerReport; isUp: boolean }[],
): Promise<Metrics> {
  const registry = new Registry();
  const options = { labelNames: ["process"], registers: [registry] };
  const up = new Gauge({
    ...options,
    name: "kubewitness_process_up",
    help: "1 for a gateway process that answered, 0 for one that did not.",
  });
  const ends = new Counter({
    ...options,
    name: "kubewitness_process_ends_total",
    help: "Times that a gateway process ended by itself and was started again.",
  });
  for (const { report, isUp } of processes) {
    up.set({ process: report.name }, isUp ? 1 : 0);
    ends.inc({ process: report.name }, report.ends);
  }
  return (await registry.getMetricsAsJSON()) as Metrics;
}
