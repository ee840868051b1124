import { stringify } from "yaml";

export interface KubeconfigInput {
  /** The clusters' names, each with a token that counts for it alone. */
  clusters: readonly { name: string; token: string }[];
  /** The context to begin with; the first cluster where it is left out. */
  currentContext?: string;
  /** The gateway's address as kubectl reaches it, without a trailing slash: the token says which cluster is meant. */
  server: string;
  /** PEM of the authority that signed the gateway's certificate; null where the machine trusts it anyway. */
  certificateAuthority: string | null;
  /** Whose it is. */
  person: string;
}

/** A kubeconfig with one context a cluster, each through the gateway. */
export function renderKubeconfig(input: KubeconfigInput): string {
  const { clusters, server, certificateAuthority, person } = input;
  const authority = certificateAuthority
    ? { "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") }
    : {};
  const userOf = (name: string) => (clusters.length === 1 ? person : `${person}/${name}`);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": input.currentContext ?? clusters[0]?.name ?? "",
    clusters: clusters.map(({ name }) => ({ name, cluster: { server, ...authority } })),
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: userOf(name) } })),
    users: clusters.map(({ name, token }) => ({ name: userOf(name), user: { token } })),
  });
}
