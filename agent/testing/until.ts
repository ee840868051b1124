import { setTimeout as wait } from "node:timers/promises";

/** Waits until the work gives something that counts, or for 20 s. */
export async function until<Value>(
  work: () => Value | Promise<Value>,
  what = "it",
): Promise<NonNullable<Value>> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await work();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within 20 s`);
    await wait(20);
  }
}
