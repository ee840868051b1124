import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, moreAnswers, type Rig } from "./fault.ts";

const HOUR_MS = 3_600_000;
const TWO_DAYS_MS = 48 * HOUR_MS;
/** All programs have seen the change. */
const SEEN_MS = 150;

export const clockBack: Fault = { name: "clock-back", once: (rig) => moveClock(rig, -HOUR_MS) };
export const clockAhead: Fault = { name: "clock-ahead", once: (rig) => moveClock(rig, TWO_DAYS_MS) };

/** There and back again, with calls under way each time. */
async function moveClock(rig: Rig, clockMs: number): Promise<void> {
  await moreAnswers(rig, 30);
  for (const ms of [clockMs, 0]) {
    rig.installation.control({ clockMs: ms });
    await sleep(SEEN_MS);
    await moreAnswers(rig, 60);
  }
}
