import { importKubeconfig } from "../lib/clusters/kubeconfig/import.ts";
import { systemContext } from "../lib/context.ts";

/** Registers every context of the kubeconfig that was named at start; says what became of each. */
export async function importClusters(file: string): Promise<string[]> {
  const imported = await importKubeconfig({ ctx: systemContext("start"), input: { file } });
  if (imported.length === 0) return [`${file} has no contexts; no cluster was registered`];
  return imported.map(({ context, name, outcome, reason }) => {
    const shown = context === name ? name : `${context} as ${name}`;
    return reason === null ? `cluster ${shown}: ${outcome}` : `cluster ${shown}: ${outcome}, ${reason}`;
  });
}
