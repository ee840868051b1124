import { describe, expect, test } from "vitest";
import { FailureWindows } from "./windows.ts";

const LIMITS = { windowMs: 60_000, recordedOfNetwork: 2, recordedInAll: 5, networks: 3 };
const counted = (windows: FailureWindows, network: string, times: number, now: number) =>
  Array.from({ length: times }, () => windows.count(network, now)).filter(Boolean).length;

describe("failures of a network", () => {
  test("are recorded one by one at first, then counted, and again in the next minute", () => {
    const windows = new FailureWindows(LIMITS);
    expect(counted(windows, "a", 10, 1_000)).toBe(2);
    expect(windows.failuresOf("a", 31_000)).toEqual({ failures: 10, remainingMs: 30_000 });
    expect(windows.takeUnrecorded(31_000)).toEqual([{ network: "a", failures: 8, since: 1_000 }]);
    expect(windows.takeUnrecorded(31_000)).toEqual([]);
    expect(counted(windows, "a", 3, 61_000)).toBe(2);
    expect(windows.failuresOf("a", 61_000).failures).toBe(3);
    expect(windows.takeUnrecorded(200_000)).toEqual([{ network: "a", failures: 1, since: 61_000 }]);
    expect(windows.isEmpty).toBe(true);
  });

  test("say nothing of another network, but for what all may have", () => {
    const windows = new FailureWindows(LIMITS);
    expect(counted(windows, "a", 10, 0)).toBe(2);
    expect(windows.failuresOf("b", 0).failures).toBe(0);
    expect(counted(windows, "b", 10, 0)).toBe(2);
    expect(counted(windows, "c", 10, 0)).toBe(1);
  });

  test("beyond the networks that are told apart are counted together and hold nobody up", () => {
    const windows = new FailureWindows(LIMITS);
    for (const network of ["a", "b", "c", "d", "e"]) windows.count(network, 0);
    expect(windows.failuresOf("d", 0)).toEqual({ failures: 0, remainingMs: 0 });
    expect(windows.takeUnrecorded(0)).toEqual([{ network: null, failures: 2, since: 0 }]);
  });

  test("are all told, whatever their order, once each", () => {
    const windows = new FailureWindows(LIMITS);
    let recorded = 0;
    let told = 0;
    for (let now = 0; now < 1_000_000; now += 777) {
      if (windows.count(`network ${(now * 7919) % 11}`, now)) recorded += 1;
      if (now % 60 === 3) for (const { failures } of windows.takeUnrecorded(now)) told += failures;
    }
    for (const { failures } of windows.takeUnrecorded(2_000_000)) told += failures;
    expect(recorded + told).toBe(Math.ceil(1_000_000 / 777));
    expect(windows.isEmpty).toBe(true);
  });

  test("that could not be recorded are told later", () => {
    const windows = new FailureWindows(LIMITS);
    expect(windows.count("a", 5)).toBe(true);
    windows.leaveUnrecorded("a", 6);
    const [taken] = windows.takeUnrecorded(7);
    windows.putBack(taken!, 70_000);
    expect(windows.takeUnrecorded(70_001)).toEqual([{ network: "a", failures: 1, since: 6 }]);
  });
});
