import { Counter, Gauge, register } from "prom-client";

const PREFIX = "kubewitness_recordings_";

/** Started again in one process (tests), the last one is measured. */
function counter<Label extends string = never>(
  name: string,
  help: string,
  labelNames: Label[] = [],
): Counter<Label> {
  register.removeSingleMetric(PREFIX + name);
  return new Counter({ name: PREFIX + name, help, labelNames });
}

function gauge(name: string, help: string, read: () => number): void {
  register.removeSingleMetric(PREFIX + name);
  new Gauge({
    name: PREFIX + name,
    help,
    collect() {
      this.set(read());
    },
  });
}

/** Of a process that records. */
export interface StoreMetrics {
  chunks: Counter;
  bytes: Counter;
  failures: Counter<"step">;
}

export function registerStoreMetrics(now: { running(): number; waitingBytes(): number }): StoreMetrics {
  gauge("running", "Sessions that this process records.", now.running);
  gauge("waiting_bytes", "Bytes of recordings that wait for PostgreSQL.", now.waitingBytes);
  const failures = counter(
    "failures_total",
    "Recordings that PostgreSQL did not take: at their start, as they ran, at their end.",
    ["step"],
  );
  for (const step of ["begin", "append", "finish"]) failures.inc({ step }, 0);
  return {
    chunks: counter("chunks_total", "Pieces of recordings that are in PostgreSQL."),
    bytes: counter("bytes_total", "Bytes of them, compressed."),
    failures,
  };
}

/** Of a process that keeps recordings. */
export interface KeeperMetrics {
  interrupted: Counter;
  archived: Counter;
}

export function registerKeeperMetrics(now: { archiveFailing(): number }): KeeperMetrics {
  gauge(
    "archive_failing",
    "Recordings that could not be moved to where they are to be kept, or removed from there, yet.",
    now.archiveFailing,
  );
  return {
    interrupted: counter("interrupted_total", "Recordings of processes that were gone, closed by this one."),
    archived: counter("archived_total", "Recordings that this process moved out of PostgreSQL."),
  };
}
