import { Gauge, type Registry } from "prom-client";
import type { SinkStatus } from "./sink.ts";

/** Registers the metrics that each sink has, whichever there are; read when they are scraped. */
export function registerSinkMetrics(registry: Registry, statuses: () => readonly SinkStatus[]): void {
  const gauge = (name: string, help: string, read: (status: SinkStatus) => number) =>
    new Gauge({
      name: `kubewitness_audit_sink_${name}`,
      help,
      labelNames: ["sink"],
      registers: [registry],
      collect() {
        for (const status of statuses()) this.set({ sink: status.name }, read(status));
      },
    });
  gauge("lag_records", "Records that wait for the sink.", ({ lag }) => lag.records);
  gauge("lag_seconds", "How long the oldest of them has waited.", ({ lag }) => lag.seconds);
  gauge("failing", "1 while the sink fails, 0 otherwise.", ({ health }) => (health === "failing" ? 1 : 0));
  new Gauge({
    name: "kubewitness_audit_sink_number",
    help: "Number up to which the sink has everything.",
    labelNames: ["sink", "surface"],
    registers: [registry],
    collect() {
      for (const { name, cursors } of statuses())
        for (const { surface, lastNo } of cursors)
          if (lastNo !== null) this.set({ sink: name, surface }, lastNo);
    },
  });
}
