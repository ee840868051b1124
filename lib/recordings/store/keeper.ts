import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../../config.ts";
import { createPool } from "../../db/pool.ts";
import { Archiver } from "./archive/archiver.ts";
import { registerKeeperMetrics } from "./metrics.ts";
import { Sweep } from "./sweep.ts";

/** What looks after recordings in a main process. */
export interface RecordingKeeper {
  /** What is wrong with where recordings are kept, a sentence each for anybody to read. */
  troubles(): string[];
  stop(): Promise<void>;
}

const STATEMENT_MS = 60_000;
/** What is being moved is moved by another when its lease is over. */
const STOP_MS = 5_000;

/**
 * Closes what processes that are gone have left, and moves recordings to where they are to be kept, on connections of its own. Any number of replicas may.
 */
export function startRecordingKeeper(config: Pick<Config, "database" | "recordings">): RecordingKeeper {
  const pool = createPool(config.database.url!, {
    max: 2,
    applicationName: "kubewitness recordings",
    statementMs: STATEMENT_MS,
  });
  const metrics = registerKeeperMetrics({ archiveFailing: () => archiver.status().failing });
  const archive = config.recordings.store !== "database";
  const sweep = new Sweep({ pool, archive, onClosed: () => metrics.interrupted.inc() });
  const archiver: Archiver = new Archiver({ pool, config, onMoved: () => metrics.archived.inc() });
  return {
    troubles() {
      const { failing } = archiver.status();
      if (failing === 0) return [];
      const recordings = failing === 1 ? "1 recording" : `${failing} recordings`;
      return [
        `${recordings} could not be moved to or removed from where recordings are kept, and are tried again`,
      ];
    },
    async stop() {
      const stopped = Promise.all([sweep.stop(), archiver.stop()]).then(() => pool.end());
      await Promise.race([stopped, delay(STOP_MS, undefined, { ref: false })]);
    },
  };
}
