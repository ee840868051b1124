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
  const calls = new Counter({
    name: `${PREFIX}calls_total`,
    help: "Calls that have ended, by verb and status; no code: nobody was answered.",
    labelNames: ["verb", "code"],
    registers,
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
  // A look-up by labels costs more than the count.
  const children = new Map<string, { inc(): void }>();
  return {
    countCall({ verb: rawVerb, httpStatus }) {
      const verb = LABELLED_VERBS.has(rawVerb) ? rawVerb : "other";
      const code = httpStatus === null ? "" : String(httpStatus);
      const key = `${verb} ${code}`;
      let child = children.get(key);
      if (child === undefined) {
        child = calls.labels(verb, code);
        children.set(key, child);
      }
      child.inc();
    },
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
