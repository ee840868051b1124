import { expect, test } from "vitest";
import { STRANGER_LIMITS } from "../../lib/gateway/call/strangers.ts";
import { CONNECTION_LIMITS } from "../connection-limits.ts";
import { shareConnectionLimits, shareStrangerLimits } from "./shares.ts";

test.each([1, 2, 3, 4])("%i processes have no more together than the installation may", (processes) => {
  const { windowMs, ...strangers } = shareStrangerLimits(processes);
  const { sweepMs, ...connections } = shareConnectionLimits(processes);
  for (const [name, share] of Object.entries(strangers)) {
    const whole = STRANGER_LIMITS[name as keyof typeof strangers];
    expect([name, share * processes <= whole, share >= 1]).toEqual([name, true, true]);
  }
  for (const [name, share] of Object.entries(connections)) {
    const whole = CONNECTION_LIMITS[name as keyof typeof connections];
    expect([name, share * processes <= whole]).toEqual([name, true]);
  }
  expect([windowMs, sweepMs]).toEqual([STRANGER_LIMITS.windowMs, CONNECTION_LIMITS.sweepMs]);
});
