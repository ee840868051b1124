import { processState } from "../process-state.ts";
import { SteadyClock } from "./policy/steady-clock.ts";

const clock = processState("access/clock", () => new SteadyClock());

/** Milliseconds since the epoch, by which decisions are made: in a process it never goes back. */
export function decisionTime(): number {
  return clock.now();
}
