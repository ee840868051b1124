import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { registerSinkMetrics } from "../sinks/sink-metrics.ts";
import type { AuditStatus } from "./status.ts";

/** The pipeline's counters; gauges are read from its status when they are scraped. */
export interface AuditMetrics {
  recorded: Counter;
  failed: Counter;
  committed: Counter;
  retries: Counter;
  deadLetters: Counter;
  interrupted: Counter;
  writerFailures: Counter;
  writeSeconds: Histogram;
}

/** Registers the audit pipeline's metrics (Prometheus names and units). */
export function registerAuditMetrics(registry: Registry, status: () => AuditStatus): AuditMetrics {
  // Started again in one process (tests), the last pipeline is the one that is measured.
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith("kubewitness_audit_")) registry.removeSingleMetric(name);
  }
  const counter = (name: string, help: string) =>
    new Counter({ name: `kubewitness_audit_${name}_total`, help, registers: [registry] });
  const gauge = (name: string, help: string, read: (status: AuditStatus) => number) =>
    new Gauge({
      name: `kubewitness_audit_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read(status()));
      },
    });
  gauge("journal_bytes", "Size of the journals on the disk.", ({ journalBytes }) => journalBytes);
  gauge(
    "journal_max_bytes",
    "Size from which on calls are refused.",
    ({ journalMaxBytes }) => journalMaxBytes,
  );
  gauge(
    "journal_unwritten_bytes",
    "Bytes of this process's journal that are not in PostgreSQL yet.",
    (now) => now.unwrittenBytes,
  );
  gauge(
    "writer_lag_seconds",
    "Age of the oldest entry that is not in PostgreSQL yet.",
    ({ lagMs }) => lagMs / 1000,
  );
  gauge(
    "last_committed_number",
    "Number of the last entry that this process wrote.",
    (now) => now.lastNo ?? 0,
  );
  gauge(
    "open_intents",
    "Calls under way: their intent is in the journal, their outcome is not.",
    ({ openIntents }) => openIntents,
  );
  gauge("writer_failing", "1 while new entries do not reach PostgreSQL, 0 otherwise.", (now) =>
    now.writerError === null ? 0 : 1,
  );
  gauge(
    "orphan_journals",
    "Journals of earlier starts that are still to be written.",
    ({ orphans }) => orphans.length,
  );
  gauge(
    "set_aside_journals",
    "Journals that could not be read to their end.",
    ({ setAside }) => setAside.length,
  );
  gauge(
    "refused_calls",
    "Calls since the start that were refused while the journal took nothing, and have no entry of their own.",
    ({ unrecorded }) => unrecorded.refused,
  );
  gauge(
    "lost_outcomes",
    "Calls since the start that went to their cluster, and whose outcome could not be kept.",
    ({ unrecorded }) => unrecorded.lost,
  );
  gauge("admitting", "1 while calls are taken, 0 while they are refused for want of a journal.", (now) =>
    now.admission.admitted ? 1 : 0,
  );
  registerSinkMetrics(registry, () => status().sinks);
  return {
    recorded: counter("entries_recorded", "Entries that are durable in the journal."),
    failed: counter(
      "entries_failed",
      "Entries and intents that the journal did not take; their calls failed.",
    ),
    committed: counter("entries_committed", "Entries that are in PostgreSQL."),
    retries: counter("write_retries", "Batches that had to be tried again."),
    deadLetters: counter(
      "dead_letters",
      "Entries that PostgreSQL refused for what they are: see audit_dead_letter.",
    ),
    writerFailures: counter(
      "writer_failures",
      "Times that the writer's thread failed and was started again.",
    ),
    interrupted: counter("intents_interrupted", "Calls that a crash cut off, closed at the next start."),
    writeSeconds: new Histogram({
      name: "kubewitness_audit_batch_write_seconds",
      help: "Time to write a batch to PostgreSQL.",
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers: [registry],
    }),
  };
}
