import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../processes.ts";
import { type Fault, moreAnswers, type Rig } from "./fault.ts";

const TIMES_FULL = 2;
const FULL_MS = 500;

/** Full, free, and full again. */
export const diskFull: Fault = {
  name: "disk-full",
  onSmallVolume: true,
  async once(rig) {
    for (let times = 0; times < TIMES_FULL; times++) {
      await moreAnswers(rig, 30);
      await fill(rig);
    }
    await moreAnswers(rig, 30);
  },
};

async function fill({ installation, load }: Rig): Promise<void> {
  const volume = installation.volume!;
  const before = load.calls.length;
  const release = await installation.postgres.holdLedger();
  try {
    volume.fill();
    // What the writer gives back meanwhile is taken, too.
    await until("calls are refused", () => {
      volume.fill();
      return load.calls.slice(before).some(({ status }) => status === 503);
    });
    await sleep(FULL_MS);
  } finally {
    volume.free();
    await release();
  }
  await installation.serving();
}
