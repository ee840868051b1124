import { renameSync, writeFileSync } from "node:fs";

/** What programs of the installation are told while they run, by a file that they look at (in-process.ts). */
export interface Controls {
  /** Milliseconds that their clock is ahead. */
  clockMs: number;
  /** The event loops of all gateway processes stand still for so long, once for each `id`. */
  block: { id: number; ms: number };
}

/** Name of the environment variable with the file. */
export const CONTROLS_FILE = "TORTURE_CONTROLS";

export const NO_CONTROLS: Controls = { clockMs: 0, block: { id: 0, ms: 0 } };

/** Nobody reads half of it. */
export function writeControls(file: string, controls: Controls): void {
  writeFileSync(`${file}.new`, JSON.stringify(controls));
  renameSync(`${file}.new`, file);
}
