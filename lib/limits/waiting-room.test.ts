import { expect, it } from "vitest";
import { WaitingRoom } from "./waiting-room.ts";

const room = (limits: Partial<ConstructorParameters<typeof WaitingRoom>[0]> = {}) =>
  new WaitingRoom({
    what: "exports",
    most: 3,
    mostOfKey: 2,
    mostWaitingOfKey: 2,
    waitMs: 60_000,
    ...limits,
  });

it("lets in who came first, and past those of whom enough are in", async () => {
  const places = room();
  const [first] = [await places.enter("a"), await places.enter("a")];
  const entered: string[] = [];
  const third = places.enter("a").then(() => entered.push("a"));
  const giveBack = await places.enter("b");
  const second = places.enter("b").then(() => entered.push("b"));
  giveBack();
  giveBack();
  await second;
  expect(entered).toEqual(["b"]);
  first?.();
  await third;
  expect(entered).toEqual(["b", "a"]);
});

it("says when too many wait, or one waited too long", async () => {
  const places = room({ mostOfKey: 1, mostWaitingOfKey: 1, waitMs: 50 });
  await places.enter("a");
  const waits = places.enter("a");
  await expect(places.enter("a")).rejects.toMatchObject({
    code: "resource_exhausted",
    retryAfterSeconds: 5,
    message: expect.stringMatching(/^At most 1 exports of yours and 3 in all .* 1 more wait/),
  });
  await expect(waits).rejects.toMatchObject({ message: expect.stringContaining("for 0.05 s") });
});

it("forgets who left", async () => {
  const places = room({ mostOfKey: 1 });
  const giveBack = await places.enter("a");
  const left = new AbortController();
  const gone = places.enter("a", left.signal);
  const next = places.enter("a");
  left.abort(new Error("gone"));
  await expect(gone).rejects.toThrow("gone");
  giveBack();
  (await next)();
  (await places.enter("a"))();
});
