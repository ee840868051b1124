import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { VERBS } from "../../audit/columns/request-audit/values/schema.ts";
import type { KubeRequestEntry } from "../../audit/entry/entry.ts";

const PREFIX = "kubewitness_gateway_";
/** Labels of calls; all other verbs are one, so that no client can make more. */
const LABELLED_VERBS: ReadonlySet<string> = new Set([...VERBS, "proxy", "head", "post"]);

/** What the gateway counts. No label says who called, or what. */
export interface GatewayMetrics {
  /** A call has ended, or a session. */
  countCall(entry: KubeRequestEntry): void;
  callStarted(): void;
  callEnded(): void;
  /** The calls under way were asked about: whether policy still allows them, or whom their tokens speak for. */
  countSweep(of: "policy" | "callers"): void;
  /** From sending a request to a cluster to the head of its answer. */
  observeUpstream(seconds: number): void;
}

/** Registers the gateway's metrics (Prometheus names and units). */
export function registerGatewayMetrics(registry: Registry): GatewayMetrics {
  // Started again in one process (tests), the last gateway is the one that is measured.
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith(PREFIX)) registry.removeSingleMetric(name);
  }
  const registers = [registry];
  const counts = new CallCounts();
  new Counter({
    name: `${PREFIX}calls_total`,
    help: "Calls that have ended, by verb and status; no code: nobody was answered.",
    labelNames: ["verb", "code"],
    registers,
    collect() {
      for (const { verb, code, count } of counts.take()) this.inc({ verb, code }, count);
    },
  });
  const upstream = new Histogram({
    name: `${PREFIX}upstream_head_seconds`,
    help: "Time until a cluster begins its answer.",
    registers,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  });
  const sweeps = new Counter({
    name: `${PREFIX}live_call_sweeps_total`,
    help: "How often every call under way was asked about, by what: what policy allows, whom tokens speak for.",
    labelNames: ["of"],
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: `${PREFIX}calls_in_flight`,
    help: "Calls under way, watches and sessions among them.",
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  return {
    countCall: ({ verb, httpStatus }) => counts.add(LABELLED_VERBS.has(verb) ? verb : "other", httpStatus),
    callStarted: () => {
      inFlight++;
    },
    callEnded: () => {
      inFlight--;
    },
    countSweep: (of) => sweeps.inc({ of }),
    observeUpstream: (seconds) => upstream.observe(seconds),
  };
}

/** Calls by verb and code since they were asked for last: a look-up by labels costs more than the count. */
class CallCounts {
  readonly #byVerb = new Map<string, Map<number | null, number>>();

  add(verb: string, httpStatus: number | null): void {
    let byStatus = this.#byVerb.get(verb);
    if (byStatus === undefined) {
      byStatus = new Map();
      this.#byVerb.set(verb, byStatus);
    }
    byStatus.set(httpStatus, (byStatus.get(httpStatus) ?? 0) + 1);
  }

  take(): { verb: string; code: string; count: number }[] {
    const taken = [...this.#byVerb].flatMap(([verb, byStatus]) =>
      [...byStatus].map(([status, count]) => ({ verb, code: status === null ? "" : String(status), count })),
    );
    this.#byVerb.clear();
    return taken;
  }
}
