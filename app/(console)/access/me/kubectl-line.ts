import type { Reach } from "./use-me.ts";

/** A command that works with the downloaded file where it was saved, as it is printed. */
export function kubectlLine(reach: Reach | undefined): string {
  if (!reach) return "kubectl --kubeconfig kubeconfig.yaml get pods";
  const [namespace] = reach.grant.namespaces;
  const where = namespace ? `--namespace ${namespace}` : "--all-namespaces";
  return `kubectl --kubeconfig kubeconfig.yaml --context ${reach.cluster} get pods ${where}`;
}
