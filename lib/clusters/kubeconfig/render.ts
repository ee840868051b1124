import { stringify } from "yaml";

export interface KubeconfigInput {
  /** The clusters' names. */
  clusters: readonly string[];
  /** The context to begin with; the first cluster where it is left out. */
  currentContext?: string;
  /** The gateway's address as kubectl reaches it, without a trailing slash. */
  server: string;
  /** PEM of the authority that signed the gateway's certificate; null where the machine trusts it anyway. */
  certificateAuthority: string | null;
  user: { name: string; token: string };
}

/** A kubeconfig with one context a cluster, each through the gateway. */
export function renderKubeconfig(input: KubeconfigInput): string {
  const { clusters, server, certificateAuthority, user } = input;
  const authority = certificateAuthority
    ? { "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") }
    : {};
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": input.currentContext ?? clusters[0] ?? "",
    clusters: clusters.map((name) => ({
      name,
      cluster: { server: clusterAddress(server, name), ...authority },
    })),
    contexts: clusters.map((name) => ({ name, context: { cluster: name, user: user.name } })),
    users: [{ name: user.name, user: { token: user.token } }],
  });
}

/** Where the gateway serves a cluster. */
const clusterAddress = (server: string, name: string) => `${server}/k8s/clusters/${name}`;
