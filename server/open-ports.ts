import type { Server } from "node:http";
import { nameSetting } from "../lib/config/read-settings.ts";
import { settings } from "../lib/config/settings.ts";
import type { Config } from "../lib/config.ts";
import { listen } from "../lib/listen.ts";
import type { CertificateAndKey } from "../lib/pki/issue-certificate.ts";
import { listenAddresses } from "./addresses.ts";
import { createKubeServer, createWebServer, type Responder } from "./listeners.ts";

/** Listens on the console's port and on the Kubernetes proxy's, on every address of `host`. */
export async function openPorts(
  config: Config,
  certificate: CertificateAndKey,
  responders: { web: Responder[]; kube: Responder[] },
): Promise<Server[]> {
  const servers: Server[] = [];
  for (const host of listenAddresses(config.host)) {
    const web = createWebServer(responders.web);
    await listen(web, { host, port: config.port, setting: nameSetting(settings.port) });
    const kube = createKubeServer(certificate, responders.kube);
    await listen(kube, { host, port: config.kubePort, setting: nameSetting(settings.kubePort) });
    servers.push(web, kube);
  }
  return servers;
}
