import { stringify } from "yaml";

export interface KubeconfigInput {
  cluster: string;
  server: string;
  /** PEM; null where the system's own authorities vouch for the server. */
  certificateAuthority: string | null;
  /** Tokens by the name of the context that uses them; the first is current. */
  tokens: ReadonlyMap<string, string>;
}

/** A kubeconfig with one cluster and a context a person; certificates are inside, so that the file can be moved. */
export function formatKubeconfig({ cluster, server, certificateAuthority, tokens }: KubeconfigInput): string {
  const people = [...tokens];
  const authority = certificateAuthority && { "certificate-authority-data": toBase64(certificateAuthority) };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, ...authority } }],
    users: people.map(([name, token]) => ({ name, user: { token } })),
    contexts: people.map(([name]) => ({ name, context: { cluster, user: name } })),
    "current-context": people[0]?.[0] ?? "",
  });
}

const toBase64 = (text: string) => Buffer.from(text).toString("base64");
