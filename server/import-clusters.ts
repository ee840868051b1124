import { importKubeconfig } from "../lib/clusters/kubeconfig/import.ts";
import type { ImportedCluster } from "../lib/clusters/kubeconfig/schema.ts";
import { systemContext } from "../lib/context.ts";
import { log } from "../lib/log.ts";

export interface ImportReport {
  /** What became of each context; one line each. */
  lines: string[];
  /** Of those, which will not work, with the reason. */
  problems: string[];
}

/** Registers every context of the kubeconfig that was named at start, and tries each. What will not work is an error of the log, too. */
export async function importClusters(file: string): Promise<ImportReport> {
  const imported = await importKubeconfig({ ctx: systemContext("start"), input: { file } });
  const problems = imported.filter(({ reason, problem }) => reason !== null || problem !== null);
  for (const { context, name, outcome, reason, problem } of problems) {
    log.error(
      { context, cluster: name, outcome, reason: reason ?? problem },
      "a cluster of --kubeconfig will not work",
    );
  }
  return { lines: imported.map(describe), problems: problems.map(describe) };
}

function describe({ context, name, outcome, reason, problem }: ImportedCluster): string {
  const shown = context === name ? name : `${context} as ${name}`;
  if (reason !== null) return `cluster ${shown}: refused: ${reason}`;
  return problem === null ? `cluster ${shown}: ${outcome}` : `cluster ${shown}: ${outcome}, but ${problem}`;
}
