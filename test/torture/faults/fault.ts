import type { Installation } from "../installation.ts";
import type { Load, LoadSize } from "../load.ts";
import { until } from "../processes.ts";

/** How long a fault lasts, in milliseconds. */
export interface Lasting {
  postgresAway: number;
  postgresStalled: number;
  loopBlocked: number;
}

/** What a fault works on. */
export interface Rig {
  installation: Installation;
  load: Load;
  lasting: Lasting;
  /** Entries of which a bit was changed, as they were before: their calls may be lost, as docs/operations.md says. */
  damaged: string[];
  /** Outcomes that were cut off, as a power cut may do: their calls may be `interrupted`, and have a row. */
  cut: string[];
  /** What is not as it should be and no row tells. */
  problems: string[];
}

/** Something that is done to a running installation, with its end awaited. */
export interface Fault {
  name: string;
  /** Whether the journals must be on a small volume. */
  onSmallVolume?: boolean;
  size?: LoadSize;
  once(rig: Rig, round: number): Promise<void>;
}

/** Waits until so many calls more are answered whole. */
export async function moreAnswers({ load }: Rig, count: number, seconds?: number): Promise<void> {
  const before = load.answered;
  await until(`${count} more answers`, () => load.answered >= before + count, seconds);
}

/** Says what is wrong where a condition does not hold. */
export function expectThat(rig: Rig, what: string, holds: boolean): void {
  if (!holds) rig.problems.push(what);
}
