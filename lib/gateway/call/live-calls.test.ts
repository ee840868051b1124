import { afterEach, expect, test } from "vitest";
import { type EndReason, type LiveCall, LiveCalls } from "./live-calls.ts";

const errors: unknown[] = [];
const ended: [string, EndReason][] = [];
let calls: LiveCalls;

afterEach(async () => {
  await calls.drain(0);
  errors.length = 0;
  ended.length = 0;
});

function add(name: string, overrides: Partial<LiveCall> = {}): LiveCall {
  const call: LiveCall = {
    actorKind: "user",
    actorId: "u1",
    tokenId: "t1",
    grantId: "g1",
    clusterId: "c1",
    longRunning: true,
    expiresAt: Date.now() + 60_000,
    isStillAllowed: async () => true,
    end(reason) {
      ended.push([name, reason]);
      calls.remove(call);
    },
    ...overrides,
  };
  calls.add(call);
  return call;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("a revoked token, grant, cluster or application ends its own calls at once", () => {
  calls = new LiveCalls((error) => errors.push(error));
  add("token", { tokenId: "t2" });
  add("grant", { grantId: "g2" });
  add("cluster", { clusterId: "c2" });
  add("application", { actorKind: "application", actorId: "a2" });
  add("a person with the application's id", { actorId: "a2" });
  calls.revoke({ kind: "token", id: "t2" });
  calls.revoke({ kind: "grant", id: "g2" });
  calls.revoke({ kind: "cluster", id: "c2" });
  calls.revoke({ kind: "application", id: "a2" });
  expect(ended.map(([name]) => name)).toEqual(["token", "grant", "cluster", "application"]);
  expect(calls.size).toBe(1);
});

test("after a change of a person or group those stay that are still allowed", async () => {
  calls = new LiveCalls((error) => errors.push(error));
  add("stays");
  add("goes", { isStillAllowed: async () => false });
  calls.revoke({ kind: "group", id: "anything" });
  await settled();
  expect(ended).toEqual([["goes", "revoked"]]);
});

test("while it cannot be asked, a call goes on and the failure is told", async () => {
  calls = new LiveCalls((error) => errors.push(error));
  add("unsure", {
    isStillAllowed: async () => {
      throw new Error("database away");
    },
  });
  add("expired", { expiresAt: Date.now() - 1 });
  calls.revoke({ kind: "user", id: "u1" });
  await settled();
  expect(ended).toEqual([["expired", "expired"]]);
  expect(errors).toHaveLength(1);
});

test("a drain without calls is over at once", async () => {
  calls = new LiveCalls((error) => errors.push(error));
  await calls.drain(60_000);
});
