import { config } from "../../config.ts";
import { loadInstallationCertificate } from "../../pki/installation-certificate.ts";

/**
 * The authority of the gateway port's certificate where it is the installation's own, PEM: what an agent is to trust, and what a join token pins. Null where the
 * administrator's certificate is served, which the agent's machine has to trust anyway.
 */
export async function gatewayAuthority(): Promise<string | null> {
  return config().tls ? null : (await loadInstallationCertificate(config())).authority;
}
