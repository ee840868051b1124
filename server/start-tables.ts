import { startDecisionTable } from "../lib/access/table/refresh.ts";
import { startClusterRegistry } from "../lib/clusters/registry.ts";

export interface RunningTables {
  stop(): Promise<void>;
}

/** Reads into this process's memory what each call asks for, grants and clusters, and keeps it fresh. */
export async function startTables(): Promise<RunningTables> {
  const decisions = await startDecisionTable();
  const clusters = await startClusterRegistry();
  return {
    stop: async () => {
      await Promise.all([decisions.stop(), clusters.stop()]);
    },
  };
}
