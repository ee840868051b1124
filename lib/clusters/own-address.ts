import { config } from "../config.ts";
import { AppError } from "../errors.ts";
import { authenticateToken } from "../identity/authenticate.ts";
import type { ClusterCredential } from "./credentials/schema.ts";

/** What every address begins with below which the gateway serves a cluster. */
const SERVED_BELOW = "/k8s/clusters/";

/**
 * Refuses the gateway itself as a cluster: the kubeconfig that it gives people leads to it, and calls would go round in a circle.
 * @throws AppError `invalid_argument` for its own address, or a token that it issued.
 */
export async function requireOtherThanThis(cluster: {
  endpoint?: string;
  credential?: ClusterCredential;
}): Promise<void> {
  if (cluster.endpoint !== undefined && isOwnAddress(cluster.endpoint)) {
    return refuse(
      "endpoint",
      cluster.endpoint,
      "the cluster's own address: this is the gateway's, from a kubeconfig that it gave somebody",
    );
  }
  const token = cluster.credential?.kind === "token" ? cluster.credential.token : null;
  if (token !== null && (await authenticateToken(token)) !== null) {
    const takes = "a credential of the cluster's: this token is one that the gateway gave somebody";
    refuse("credential.token", "a value (not shown)", takes);
  }
}

function isOwnAddress(endpoint: string): boolean {
  const { origin, pathname, port, hostname } = new URL(endpoint);
  const { kubePublicUrl, publicUrl, kubePort, port: webPort } = config();
  const isHere = ["localhost", "[::1]"].includes(hostname) || hostname.startsWith("127.");
  const isAt = (url: string, ownPort: number) => origin === url || (isHere && Number(port) === ownPort);
  // The proxy's port serves clusters at its root, too: to tokens that say which.
  if (isAt(kubePublicUrl, kubePort)) return pathname === "/" || pathname.startsWith(SERVED_BELOW);
  return pathname.startsWith(SERVED_BELOW) && isAt(publicUrl, webPort);
}

function refuse(field: string, got: string, takes: string): never {
  throw new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}
