import { namedScopeOf } from "../../../components/list/grants-of.tsx";
import type { Reach } from "./use-me.ts";

/** A command that works with the downloaded file where it was saved, as it is printed. */
export function kubectlLine(reach: Reach | undefined): string {
  if (!reach) return "kubectl --kubeconfig kubeconfig.yaml get pods";
  const [namespace] = reach.grant.namespaces;
  const { grant } = reach;
  if (grant.nodePool) return `kubectl --kubeconfig kubeconfig.yaml --context ${reach.cluster} get node NODE`;
  const everywhere = namedScopeOf(grant) ? "--namespace NAMESPACE" : "--all-namespaces";
  const where = namespace ? `--namespace ${namespace}` : everywhere;
  return `kubectl --kubeconfig kubeconfig.yaml --context ${reach.cluster} get pods ${where}`;
}
