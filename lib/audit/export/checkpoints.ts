import { LRUCache } from "lru-cache";
import { processState } from "../../process-state.ts";
import { type Checkpoint, startOfFile } from "./file.ts";

const MOST_A_FILE = 256;

/** Where exports of this process can be taken up again. Without one (another replica, a restart) the file is written anew and its first bytes left out. */
const checkpoints = processState(
  "audit/export-checkpoints",
  () => new LRUCache<string, Checkpoint[]>({ max: 50, ttl: 3_600_000 }),
);

export function keepCheckpoint(exportId: string, checkpoint: Checkpoint): void {
  const kept = checkpoints.get(exportId) ?? [];
  kept.push(checkpoint);
  // Half of them tell as much about where to go on, at twice the distance.
  checkpoints.set(exportId, kept.length > MOST_A_FILE ? kept.filter((_, index) => index % 2 === 1) : kept);
}

/** The last place at or before so many bytes. */
export function checkpointBefore(exportId: string, bytes: number): Checkpoint {
  return checkpoints.get(exportId)?.findLast((checkpoint) => checkpoint.bytes <= bytes) ?? startOfFile();
}
