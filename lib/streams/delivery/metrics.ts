import { Gauge, type Registry } from "prom-client";
import type { RunSql } from "../../audit/store/sql.ts";

interface Measured {
  stream: string;
  delivered: number;
  lagRecords: number;
  lagSeconds: number;
  failing: number;
  deadLetters: number;
}

/** The same from every replica: whichever delivers a stream keeps it in PostgreSQL. */
const MEASURE = `
  SELECT s.name AS stream, s.delivered, (s.failing_since IS NOT NULL OR s.stopped IS NOT NULL)::int AS failing,
    (SELECT count(*) FROM stream_dead_letters l WHERE l.stream_id = s.id) AS "deadLetters",
    coalesce(sum(greatest(0, a.last_no - c.last_no)), 0)::float8 AS "lagRecords",
    coalesce(max(CASE WHEN a.last_no > c.last_no THEN extract(epoch FROM now() - greatest(s.behind_since, c.last_at)) END), 0)::float8 AS "lagSeconds"
  FROM streams s LEFT JOIN stream_cursors c ON c.stream_id = s.id
  LEFT JOIN audit_ledger a ON a.ledger_id = 0
    AND a.stream = CASE c.surface WHEN 'requests' THEN 'kube_request' WHEN 'events' THEN 'audit_event' ELSE 'recording' END
  GROUP BY s.id`;

/** Of all gauges of one scrape the rows are read once. */
const FRESH_MS = 1_000;

/** Registers the metrics of each stream: there are at most as many as there may be streams. Read when they are scraped. */
export function registerStreamMetrics(registry: Registry, run: RunSql): void {
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith("kubewitness_stream_")) registry.removeSingleMetric(name);
  let reading: Promise<Measured[]> | null = null;
  const read = () => {
    // While PostgreSQL is away nothing is known of streams; what else is scraped is told all the same.
    reading ??= run<Measured>(MEASURE, []).catch(() => []);
    setTimeout(() => (reading = null), FRESH_MS).unref();
    return reading;
  };
  const gauge = (name: string, help: string, value: keyof Omit<Measured, "stream">) =>
    new Gauge({
      name: `kubewitness_stream_${name}`,
      help,
      labelNames: ["stream"],
      registers: [registry],
      async collect() {
        const rows = await read();
        this.reset();
        for (const row of rows) this.set({ stream: row.stream }, row[value]);
      },
    });
  gauge("delivered_records", "Records that the receiver took, since the stream was made.", "delivered");
  gauge("lag_records", "Numbers that the stream has not come to.", "lagRecords");
  gauge("lag_seconds", "How long the oldest of them has waited.", "lagSeconds");
  gauge("failing", "1 while the stream does not get on, or was stopped, 0 otherwise.", "failing");
  gauge("dead_letters", "Records that the receiver refused for good.", "deadLetters");
}
