import { mkdirSync } from "node:fs";
import path from "node:path";
import { register } from "prom-client";
import { combineStatus } from "../../lib/audit/pipeline/combine-status.ts";
import type { AuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { type AuditStatus, troublesOf } from "../../lib/audit/pipeline/status.ts";
import { nameSetting } from "../../lib/config/read-settings.ts";
import { settings } from "../../lib/config/settings.ts";
import type { Config } from "../../lib/config.ts";
import type { GatewayDoor } from "../../lib/gateway/start.ts";
import { log } from "../../lib/log.ts";
import type { CertificateAndKey } from "../../lib/pki/issue-certificate.ts";
import { thisReplica } from "../../lib/tunnels/replicas/this-replica.ts";
import { listenAddresses } from "../addresses.ts";
import type { HealthSources } from "../health.ts";
import { followSiblings } from "../tunnels/start-tunnels.ts";
import { admissionOf, troublesOfConsole, troublesOfProcesses } from "./health.ts";
import { bindPath, bindPort, type ListeningHandle } from "./listening-handle.ts";
import type { ListenFor } from "./messages.ts";
import { metricsOfAll } from "./metrics.ts";
import { passCalls } from "./passing/pass-calls.ts";
import { makeSocketFolder } from "./passing/socket-folder.ts";
import { shareConfig, shareOf } from "./shares.ts";
import { type WorkerOptions, WorkerProcess, type WorkerReport } from "./worker-process.ts";

const TELL_EVERY_MS = 1_000;
/** The main process takes no agents: it follows those of all others. */
const NONE_OF_THEM = -1;

/** The processes that serve the Kubernetes proxy, as the main process has them; none where it serves that itself. */
export interface GatewayProcesses {
  /** Of the installation: the main process and all others. */
  health: Pick<HealthSources, "admission" | "troubles">;
  status(): AuditStatus;
  metrics(): Promise<string>;
  /** Ids of those that live now. */
  pids(): number[];
  /** What is to be done about a defect of the main process; null where it is to end. */
  onDefect: (() => void) | null;
  /** What new connections get from now on. */
  serveCertificate(certificate: CertificateAndKey): void;
  /** For the console's port: passes the calls on. `own`: this process's gateway, which takes them where there is no other. */
  doorOf(own: GatewayDoor): GatewayDoor;
  /** Resolves when no call is under way any more. */
  drain(): Promise<void>;
  /** After `drain`: resolves when all have ended, their journals written. */
  ended(): Promise<void>;
}

export interface GatewayProcessesOptions {
  config: Config;
  certificate: CertificateAndKey & { authority: string | null };
  /** The main process's own. */
  pipeline: AuditPipeline;
  /** What else is wrong in the main process, a sentence each; nothing where it is left out. */
  troubles?(): string[];
}

/**
 * Starts `gateway.processes` processes that serve the Kubernetes proxy's port; one that ends is started again.
 * @throws AppError, ConfigError where the port cannot be had, or one cannot start.
 */
export async function startGatewayProcesses(options: GatewayProcessesOptions): Promise<GatewayProcesses> {
  const { config, pipeline, troubles = () => [] } = options;
  const processes = config.gateway.processes;
  if (processes === 0) return withoutProcesses(options);
  log.setBindings({ process: "main" });
  const socket = makeSocketFolder(config.data);
  const handles = await bindAll(config, socket.path);
  let certificate = options.certificate;
  const siblings = { folder: path.dirname(socket.path), count: processes };
  const startMessage = (own: number) => ({
    config: shareConfig(config, processes),
    certificate,
    processes,
    tunnels: { hub: thisReplica(), siblings: { ...siblings, own } },
  });
  const workers = makeWorkers(options, { handles, startMessage });
  // Its health checks and terminals call clusters, too.
  const followed = followSiblings({ ...siblings, own: NONE_OF_THEM });
  await Promise.all(workers.map((worker) => worker.start()));
  const telling = tellOfJournals(pipeline, workers);

  let defects = 0;
  const reports = () => workers.map((worker) => worker.report());
  const status = () => statusOf(pipeline, reports(), [...troublesOfConsole(defects), ...troubles()]);
  return {
    health: { admission: () => admissionOf(reports()), troubles: () => troublesOf(status()) },
    status,
    metrics: () => metricsOfAll(workers),
    pids: () => reports().flatMap(({ pid }) => (pid === null ? [] : [pid])),
    // No call is touched by what went wrong beside it: the console's pages run here.
    onDefect: () => {
      defects += 1;
    },
    serveCertificate(replaced) {
      certificate = { ...certificate, ...replaced };
      for (const worker of workers) worker.send({ kind: "certificate", certificate: replaced });
    },
    doorOf: (own) => passCalls(socket.path, own),
    async drain() {
      clearInterval(telling);
      for (const { handle } of handles) handle.close();
      await Promise.all(workers.map((worker) => worker.drain()));
    },
    async ended() {
      await Promise.all(workers.map((worker) => worker.ended));
      followed.stop();
      socket.remove();
    },
  };
}

/** The main process serves the proxy itself, and its own health is all there is. */
function withoutProcesses({ pipeline, troubles = () => [] }: GatewayProcessesOptions): GatewayProcesses {
  const status = () => ({ ...pipeline.status(), processes: troubles() });
  return {
    health: { admission: () => pipeline.recorder.admission(), troubles: () => troublesOf(status()) },
    status,
    metrics: () => register.metrics(),
    pids: () => [],
    onDefect: null,
    serveCertificate: () => undefined,
    doorOf: (own) => own,
    drain: async () => undefined,
    ended: async () => undefined,
  };
}

function makeWorkers(
  { config, pipeline }: GatewayProcessesOptions,
  given: Pick<WorkerOptions, "handles"> & {
    startMessage(own: number): ReturnType<WorkerOptions["startMessage"]>;
  },
): WorkerProcess[] {
  const compileCache = path.join(config.data, "compiled");
  // What is in it is run.
  mkdirSync(compileCache, { recursive: true, mode: 0o700 });
  return Array.from({ length: config.gateway.processes }, (_, index) => {
    const name = `gateway-${index + 1}`;
    const { handles, startMessage } = given;
    return new WorkerProcess({
      ...{ handles, name, compileCache },
      startMessage: () => startMessage(index),
      onEnd: () => void pipeline.adoptOrphans(),
    });
  });
}

/** What the main process has taken over is on the disk, too: it counts with theirs. */
function tellOfJournals(pipeline: AuditPipeline, workers: readonly WorkerProcess[]): NodeJS.Timeout {
  const tell = () => {
    const bytes = shareOf(pipeline.status().journalBytes, workers.length, 0);
    // What one that takes nothing is told would pile up.
    for (const worker of workers)
      if (worker.report().state === "serving") worker.send({ kind: "otherJournals", bytes });
  };
  return setInterval(tell, TELL_EVERY_MS).unref();
}

/** `others`: what is wrong in the main process itself. */
function statusOf(
  pipeline: AuditPipeline,
  reports: readonly WorkerReport[],
  others: readonly string[],
): AuditStatus {
  const statuses = reports.flatMap(({ status }) => (status === null ? [] : [status]));
  return combineStatus([pipeline.status(), ...statuses], [...troublesOfProcesses(reports), ...others]);
}

async function bindAll(
  config: Config,
  socketPath: string,
): Promise<{ for: ListenFor; handle: ListeningHandle }[]> {
  const setting = nameSetting(settings.kubePort);
  const handles: { for: ListenFor; handle: ListeningHandle }[] = [
    { for: "passedCalls", handle: bindPath(socketPath) },
  ];
  for (const host of listenAddresses(config.host))
    handles.push({ for: "kube", handle: await bindPort({ host, port: config.kubePort, setting }) });
  return handles;
}
