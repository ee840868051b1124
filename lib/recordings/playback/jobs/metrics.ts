import { Counter, register } from "prom-client";

const PREFIX = "kubewitness_recordings_";

/** Started again in one process (tests), the last one is measured. */
function counter(name: string, help: string): Counter {
  register.removeSingleMetric(PREFIX + name);
  return new Counter({ name: PREFIX + name, help });
}

/** Of a process that prepares recordings. */
export function registerRenderMetrics() {
  return {
    prepared: counter("prepared_total", "Recordings that this process has prepared for playback and search."),
    seconds: counter("prepare_seconds_total", "Seconds that it took."),
    failures: counter("prepare_failures_total", "Tries to prepare a recording that failed."),
  };
}
