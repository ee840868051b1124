import type pg from "pg";
import { type Config, config as processConfig } from "../config.ts";
import { pool as processPool } from "../db/connection.ts";

/** What recordings are read with: the process's own where a caller has no other. */
export interface RecordingReader {
  pool: pg.Pool;
  config: Pick<Config, "encryption" | "recordings">;
}

export const processReader = (): RecordingReader => {
  return { pool: processPool(), config: processConfig() };
};

/** Which recording. `startedAt`: when the session started, milliseconds since the epoch. */
export interface RecordingKey {
  recordingId: string;
  startedAt: number;
}
