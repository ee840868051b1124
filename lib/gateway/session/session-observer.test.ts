import { expect, test } from "vitest";
import { startTunnel } from "../testing/tunnel-lab.ts";
import type { SessionObserver } from "./session-observer.ts";

test.each<[string, SessionObserver["observe"]]>([
  ["throws", () => failed()],
  ["rejects", async () => failed()],
])("an observer that %s and cannot say what becomes of the session ends it", async (_how, observe) => {
  const observer: SessionObserver = {
    name: "the recorder",
    longestHoldMs: 60_000,
    observe,
    onFailure: () => {
      throw new Error("a defect of its own");
    },
  };
  const tunnel = await startTunnel([observer]);
  tunnel.cluster.write("never passed");
  expect(await tunnel.ended).toEqual({ kind: "observer-failed", error: new Error("the store is gone") });
  expect(tunnel.near.client.bytesWritten).toBe(0);
  tunnel.client.destroy();
  tunnel.cluster.destroy();
});

function failed(): never {
  throw new Error("the store is gone");
}
