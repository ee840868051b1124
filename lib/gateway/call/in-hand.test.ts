import { expect, test } from "vitest";
import { InHand } from "./in-hand.ts";

test("it is settled when nothing more is to be done for any call, and at once where there is none", async () => {
  const inHand = new InHand();
  await inHand.settled();
  inHand.begin();
  inHand.begin();
  let settled = 0;
  const waiting = [inHand.settled(), inHand.settled()].map((each) => each.then(() => settled++));
  inHand.end();
  await new Promise(setImmediate);
  expect(settled).toBe(0);
  inHand.end();
  await Promise.all(waiting);
  expect(settled).toBe(2);
});
