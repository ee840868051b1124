import type { AuditPipeline } from "../lib/audit/pipeline/pipeline.ts";
import { publishAuditStatus } from "../lib/audit/pipeline/status.ts";
import type { Config } from "../lib/config.ts";
import { createGateway } from "../lib/gateway/create-gateway.ts";
import {
  type InstallationCertificate,
  loadInstallationCertificate,
} from "../lib/pki/installation-certificate.ts";
import type { RecordingStore } from "../lib/recordings/store/recording-store.ts";
import type { ShellPrograms } from "../lib/terminal/shell/shell-programs.ts";
import { thisReplica } from "../lib/tunnels/replicas/this-replica.ts";
import { keepCertificateFresh } from "./certificate-reload.ts";
import { closeServers, graceMs } from "./drain.ts";
import { createHealth } from "./health.ts";
import type { Responder } from "./listeners.ts";
import { createMetrics } from "./metrics.ts";
import { openPorts } from "./open-ports.ts";
import type { GatewayProcesses } from "./processes/gateway-processes.ts";
import { createRefusedMethods } from "./refused-methods.ts";
import { reloadOnSignal } from "./stop-signals.ts";
import { startTerminals } from "./terminal/start-terminals.ts";
import { startTunnels } from "./tunnels/start-tunnels.ts";

export interface Serving {
  /** Takes no more calls, and resolves when none is under way, in the gateway's processes neither. */
  drain(): Promise<void>;
}

/**
 * Opens the ports of the main process: the gateway, health and metrics of the installation, and `web` for what is none of theirs. Its certificate is
 * kept fresh, in the gateway's processes too.
 */
export async function startServing({
  config,
  certificate,
  pipeline,
  recordings,
  processes,
  shells,
  web,
}: {
  config: Config;
  certificate: InstallationCertificate;
  pipeline: AuditPipeline;
  recordings: RecordingStore;
  processes: GatewayProcesses;
  /** Of the web shell; null where that is off. */
  shells: ShellPrograms | null;
  web: Responder[];
}): Promise<Serving> {
  const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
  publishAuditStatus(processes.status);
  const health = createHealth({ ...processes.health, authority: certificate.authority });
  const metrics = createMetrics({ ...config, read: processes.metrics });
  const door = processes.doorOf(gateway);
  const terminals = shells && startTerminals({ config, door, recordings, shells });
  const sockets = terminals === null ? [] : [terminals.sockets];
  // Agents come to the port of the Kubernetes proxy.
  const isAlone = config.gateway.processes === 0;
  const tunnels = isAlone
    ? await startTunnels({ config, hub: thisReplica(), process: "main", siblings: null })
    : null;
  const servers = await openPorts(config, certificate, {
    web: {
      gateway: door,
      responders: [createRefusedMethods(config), health, metrics, ...sockets, ...web],
    },
    kube: { gateway, responders: tunnels === null ? [health] : [health, tunnels.door] },
  });
  const fresh = keepCertificateFresh({
    servers,
    served: certificate,
    load: () => loadInstallationCertificate(config),
    onReplaced: processes.serveCertificate,
  });
  reloadOnSignal(() => fresh.reload());
  return {
    async drain() {
      fresh.stop();
      // Their calls go to the gateway, and end with them.
      await terminals?.drain();
      // What the gateway and its processes have to end, they still answer.
      const drained = Promise.all([
        gateway.drain(graceMs(config)),
        processes.drain(),
        tunnels?.drain(graceMs(config)),
      ]);
      await closeServers(servers, graceMs(config), drained);
      await tunnels?.stop();
    },
  };
}
