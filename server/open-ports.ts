import type { Server } from "node:http";
import { nameSetting } from "../lib/config/read-settings.ts";
import { settings } from "../lib/config/settings.ts";
import type { Config } from "../lib/config.ts";
import type { ExchangeDoor, GatewayDoor } from "../lib/gateway/start.ts";
import { listen } from "../lib/listen.ts";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";
import { listenAddresses } from "./addresses.ts";
import { createKubeServer, createWebServer, type Responder } from "./listeners.ts";
import { createRequestLimits } from "./request-limits.ts";

/** Who answers on a port. */
interface Served<Door> {
  gateway: Door;
  responders: Responder[];
}

/**
 * Listens on the console's port and, unless gateway processes serve that (`gateway.processes`), on the Kubernetes proxy's, on every address of `host`.
 */
export async function openPorts(
  config: Config,
  certificate: CertificateAndKey,
  { web, kube }: { web: Served<GatewayDoor>; kube: Served<GatewayDoor & ExchangeDoor> },
): Promise<Server[]> {
  const servers: Server[] = [];
  const limits = { requestLimits: createRequestLimits(config.trustedProxies) };
  for (const host of listenAddresses(config.host)) {
    const webServer = createWebServer(web.gateway, web.responders, limits);
    await listen(webServer, { host, port: config.port, setting: nameSetting(settings.port) });
    servers.push(webServer);
    if (config.gateway.processes > 0) continue;
    const kubeServer = createKubeServer(certificate, kube.gateway, kube.responders, limits);
    await listen(kubeServer, { host, port: config.kubePort, setting: nameSetting(settings.kubePort) });
    servers.push(kubeServer);
  }
  return servers;
}
