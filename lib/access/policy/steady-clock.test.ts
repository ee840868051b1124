import { expect, test } from "vitest";
import { SteadyClock } from "./steady-clock.ts";

function clockAt(start: number) {
  let [wall, monotonic] = [start, 0];
  return {
    clock: new SteadyClock(
      () => wall,
      () => monotonic,
    ),
    pass: (milliseconds: number) => {
      wall += milliseconds;
      monotonic += milliseconds;
    },
    set: (time: number) => {
      wall = time;
    },
  };
}

test("it shows what the machine's clock does, also where that is set forward", () => {
  const { clock, pass, set } = clockAt(1_000_000);
  pass(1_500);
  expect(clock.now()).toBe(1_001_500);
  set(9_000_000);
  expect(clock.now()).toBe(9_000_000);
});

test("it never goes back, and is right again some time after the machine's clock was set back", () => {
  const { clock, pass, set } = clockAt(1_000_000);
  expect(clock.now()).toBe(1_000_000);
  set(940_000);
  let shown = clock.now();
  expect(shown).toBe(1_000_000);
  for (let second = 0; second < 120; second++) {
    pass(1_000);
    const now = clock.now();
    expect(now).toBeGreaterThan(shown);
    shown = now;
  }
  expect(shown).toBe(1_060_000);
  pass(1_000);
  expect(clock.now()).toBe(1_061_000);
});
