import { PROGRAM_LIMITS } from "./limits.ts";

/**
 * All of kubectl's environment. No PATH: it finds no plugin, editor, differ or credential helper. KUBERC and KUBECTL_KUBERC: no preferences of
 * a user's, which could alias a verb. TMPDIR: `replace --force` keeps there what it reads; there is no /tmp in a sandbox, and what is left in the
 * private directory counts to its size. GOMEMLIMIT: Go collects before the limit on memory ends it.
 */
export function kubectlEnvironment({
  home,
  files,
  kubeconfig,
}: {
  home: string;
  files: string;
  kubeconfig: string;
}) {
  return {
    HOME: home,
    TMPDIR: files,
    KUBECONFIG: kubeconfig,
    PATH: "",
    TERM: "xterm-256color",
    KUBERC: "off",
    KUBECTL_KUBERC: "false",
    GOMEMLIMIT: `${PROGRAM_LIMITS.heapBytes}`,
    GOMAXPROCS: "2",
  };
}

/** A kubeconfig of one cluster without any credential; JSON, which is YAML. */
export function kubeconfigText(input: {
  cluster: string;
  namespace: string;
  server: string;
  proxyUrl?: string;
}): string {
  const { cluster, namespace, server, proxyUrl } = input;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, ...(proxyUrl && { "proxy-url": proxyUrl }) } }],
    contexts: [{ name: cluster, context: { cluster, namespace } }],
    "current-context": cluster,
  });
}
