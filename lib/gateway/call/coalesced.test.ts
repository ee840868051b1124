import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Coalesced } from "./coalesced.ts";

test("runs once more for those who asked while it ran, however long that took", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const asked = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  let runs = 0;
  const coalesced = new Coalesced(
    async () => {
      runs += 1;
      if (runs === 1) await asked.promise;
      else again.resolve();
    },
    { quietMs: 1, mostMs: 2 },
  );
  coalesced.ask();
  await expect.poll(() => runs).toBe(1);
  coalesced.ask();
  const longAgo = performance.now() + 20;
  while (performance.now() < longAgo) await nextTurn();
  asked.resolve();
  await again.promise;
  await nextTurn();
  process.off("warning", onWarning);
  expect(runs).toBe(2);
  expect(warnings).toEqual([]);
});
