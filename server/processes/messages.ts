import type { MetricObjectWithValues, MetricValue } from "prom-client";
import type { AuditStatus } from "../../lib/audit/pipeline/status.ts";
import type { Config } from "../../lib/config.ts";
import type { CertificateAndKey } from "../../lib/pki/issue-certificate.ts";
import type { Siblings, TunnelsOptions } from "../tunnels/start-tunnels.ts";

/** What a gateway process starts with. Secrets among it go by the channel alone: an environment and a command line can be read by others. */
export interface StartMessage {
  kind: "start";
  /** As the log and the metrics call it: `gateway-1`. */
  name: string;
  /** Its share where a limit is the installation's: `shareOf`. */
  config: Config;
  certificate: CertificateAndKey & { authority: string | null };
  /** The replica, as agents know it, and where its processes reach one another's agents. */
  tunnels: Pick<TunnelsOptions, "hub"> & { siblings: Siblings };
  /** How many share the installation's limits. */
  processes: number;
}

/** The metrics of a process as prom-client gives them for sending. */
export type Metrics = MetricObjectWithValues<MetricValue<string>>[];

/** What a listening handle that comes with the message is for: the Kubernetes proxy's port, or calls that came to the console's. */
export type ListenFor = "kube" | "passedCalls";

/** From the main process to a gateway process. */
export type ToWorker =
  | StartMessage
  /** With a handle. */
  | { kind: "listen"; for: ListenFor }
  | { kind: "certificate"; certificate: CertificateAndKey }
  /** Bytes of journals on the same disk that count against this process's limit. */
  | { kind: "otherJournals"; bytes: number }
  | { kind: "measure"; question: number }
  | { kind: "drain" };

/** From a gateway process to the main process. */
export type FromWorker =
  /** Its tables are there: it may be given handles to listen on. */
  | { kind: "ready" }
  | { kind: "listening"; for: ListenFor }
  /** It cannot start; it ends. One line a problem. */
  | { kind: "failed"; problems: string[] }
  /** How its pipeline does: every second, whether anybody asks or not. */
  | { kind: "status"; status: AuditStatus }
  | { kind: "measured"; question: number; metrics: Metrics }
  /** No call is under way any more; the journal is written to PostgreSQL next. */
  | { kind: "callsEnded" };
