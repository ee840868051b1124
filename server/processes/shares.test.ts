import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { loadConfig } from "../../lib/config.ts";
import { STRANGER_LIMITS } from "../../lib/gateway/call/strangers.ts";
import { CONNECTION_LIMITS } from "../connection-limits.ts";
import { shareConfig, shareConnectionLimits, shareStrangerLimits } from "./shares.ts";

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

test.each([
  ["1MiB", 1],
  ["64MiB", 2],
])(
  "of a journal of %s together, 32 processes have %i MiB each: none is full with an entry or two",
  (whole, mebibytes) => {
    const env = { NODE_ENV: "development", KUBEWITNESS_AUDIT_JOURNAL_MAX_BYTES: whole };
    const config = shareConfig(loadConfig({ cwd: tmpdir(), env }), 32);
    expect(config.audit.journal.maxBytes).toBe(mebibytes * 2 ** 20);
    const { gateway, changes, console } = config.database.connections;
    expect(Math.min(gateway, changes, console)).toBeGreaterThanOrEqual(2);
  },
);
