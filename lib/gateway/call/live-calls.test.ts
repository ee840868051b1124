import { afterEach, beforeEach, expect, test } from "vitest";
import type { Actor } from "../../context.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import { until } from "../testing/memory-recorder.ts";
import { type EndReason, type LiveCall, LiveCalls } from "./live-calls.ts";

const ALICE: AuthenticatedToken["actor"] = {
  kind: "user",
  id: "u1",
  name: "Alice",
  email: "alice@example.com",
  consoleRole: "user",
  groups: ["developers"],
  groupIds: ["g1"],
};
const SCANNER: AuthenticatedToken["actor"] = {
  kind: "application",
  id: "a2",
  name: "scanner",
  consoleRole: "user",
};
const HOUR = 3_600_000;

const errors: unknown[] = [];
const ended: [string, EndReason][] = [];
const sweeps: string[] = [];
/** Whom tokens speak for; what is not in it counts no more. */
const tokens = new Map<string, AuthenticatedToken | Error>();
const lookUps: string[] = [];
let calls: LiveCalls;

beforeEach(() => {
  for (const list of [errors, ended, sweeps, lookUps]) list.length = 0;
  tokens.clear();
  calls = new LiveCalls({
    authenticateToken: async (token) => {
      lookUps.push(token);
      const now = tokens.get(token) ?? null;
      if (now instanceof Error) throw now;
      return now;
    },
    metrics: { countSweep: (of) => sweeps.push(of) },
    onError: (error) => errors.push(error),
    // What the tests wait for comes of what they tell.
    intervalMs: HOUR,
  });
});
afterEach(() => calls.drain(0));

function tokenOf(tokenId: string, actor: AuthenticatedToken["actor"] = ALICE, lifetimeMs = HOUR) {
  return { actor, tokenId, expiresAt: new Date(Date.now() + lifetimeMs) };
}

type Overrides = Partial<LiveCall> & { authenticated?: AuthenticatedToken };

function add(name: string, { authenticated = tokenOf("t1"), ...overrides }: Overrides = {}): LiveCall {
  const token = `token ${authenticated.tokenId}`;
  if (!tokens.has(token)) tokens.set(token, authenticated);
  const call: LiveCall = {
    caller: { token, authenticated: tokens.get(token) as AuthenticatedToken },
    clusterId: "c1",
    startedAt: Date.now(),
    until: Number.POSITIVE_INFINITY,
    longRunning: true,
    stillAllowedUntil: () => Number.POSITIVE_INFINITY,
    end(reason) {
      ended.push([name, reason]);
      calls.remove(held);
    },
    ...overrides,
  };
  const held = calls.add(call);
  return call;
}

test("a revoked token, cluster or application ends its own calls at once", () => {
  add("token", { authenticated: tokenOf("t2") });
  add("cluster", { clusterId: "c2" });
  add("application", { authenticated: tokenOf("t3", SCANNER) });
  add("a person with the application's id", { authenticated: tokenOf("t4", { ...ALICE, id: SCANNER.id }) });
  calls.revoke({ kind: "token", id: "t2" });
  calls.revoke({ kind: "cluster", id: "c2" });
  calls.revoke({ kind: "application", id: SCANNER.id });
  expect(ended.map(([name]) => name)).toEqual(["token", "cluster", "application"]);
  expect(calls.size).toBe(1);
});

test("after a change of a person or group those stay that are still allowed as who their caller is now", async () => {
  const allowed = ({ groups }: Extract<Actor, { kind: "user" }>) => groups.includes("developers");
  const stillAllowedUntil = (actor: Actor) => (allowed(actor as typeof ALICE) ? Infinity : null);
  add("stays", { authenticated: tokenOf("t1"), stillAllowedUntil });
  add("goes", { authenticated: tokenOf("t2"), stillAllowedUntil });
  add("is gone", { authenticated: tokenOf("t3"), stillAllowedUntil });
  tokens.set("token t2", tokenOf("t2", { ...ALICE, groups: [] }));
  tokens.delete("token t3");
  calls.revoke({ kind: "group", id: "anything" });
  await until(() => ended.length === 2, "the ends");
  expect(ended).toEqual([
    ["goes", "revoked"],
    ["is gone", "revoked"],
  ]);
  expect(calls.size).toBe(1);
});

test("a token is looked up once, however many calls it has", async () => {
  for (let i = 0; i < 50; i++) add("one of many");
  calls.callersChanged();
  await until(() => lookUps.length > 0, "a look-up");
  await until(() => sweeps.includes("callers"), "the sweep");
  expect(lookUps).toEqual(["token t1"]);
});

test("a burst of changes is one sweep", async () => {
  let asked = 0;
  add("asked", {
    stillAllowedUntil: () => {
      asked += 1;
      return Number.POSITIVE_INFINITY;
    },
  });
  for (let i = 0; i < 100; i++) calls.policyChanged();
  await until(() => asked > 0, "the sweep");
  expect([asked, sweeps]).toEqual([1, ["policy"]]);
});

test("a stream of changes that never pauses is heard all the same", async () => {
  add("goes", { stillAllowedUntil: () => null });
  const changes = setInterval(() => calls.policyChanged(), 10);
  await until(() => ended.length === 1, "the end").finally(() => clearInterval(changes));
  expect(ended).toEqual([["goes", "revoked"]]);
});

test("a change while a sweep is under way has a sweep of its own", async () => {
  let asked = 0;
  add("asked", {
    stillAllowedUntil: () => {
      asked += 1;
      if (asked === 1) calls.policyChanged();
      return Number.POSITIVE_INFINITY;
    },
  });
  calls.policyChanged();
  await until(() => asked === 2, "the second sweep");
});

test("what was decided before a change and begins after its sweep is asked about", async () => {
  const startedAt = Date.now();
  calls.policyChanged();
  await until(() => sweeps.includes("policy"), "the sweep");
  add("late", { startedAt, stillAllowedUntil: () => null });
  await until(() => ended.length === 1, "the end");
  expect(ended).toEqual([["late", "revoked"]]);
});

test("what is allowed for a time is asked again then, and goes on where it is still allowed", async () => {
  const soon = Date.now() + 50;
  add("lapses", { until: soon, stillAllowedUntil: () => (Date.now() < soon ? soon : null) });
  add("goes on", { until: soon });
  add("is not due", { until: Date.now() + HOUR, stillAllowedUntil: () => null });
  add("expires", { authenticated: tokenOf("t2", ALICE, 50) });
  await until(() => ended.length === 2, "the ends");
  expect(ended.toSorted()).toEqual([
    ["expires", "expired"],
    ["lapses", "lapsed"],
  ]);
  expect(calls.size).toBe(2);
});

test("what a sweep finds lapsed before the alarm rings has lapsed, and was not revoked", async () => {
  add("lapses", { until: Date.now() + 150, stillAllowedUntil: () => null });
  calls.policyChanged();
  // Both are due when the timers have their turn, the sweep first.
  const later = performance.now() + 200;
  while (performance.now() < later);
  await until(() => ended.length === 1, "the end");
  expect(ended).toEqual([["lapses", "lapsed"]]);
});

test("while a token cannot be looked up its calls go on, and the failure is told", async () => {
  add("unsure");
  add("gone", { authenticated: tokenOf("t2") });
  tokens.set("token t1", new Error("database away"));
  tokens.delete("token t2");
  calls.revoke({ kind: "user", id: "u1" });
  await until(() => ended.length === 1 && errors.length === 1, "both");
  expect(ended).toEqual([["gone", "revoked"]]);
});

test("what cannot be decided is not allowed", async () => {
  add("undecidable", {
    stillAllowedUntil: () => {
      throw new Error("a defect");
    },
  });
  calls.policyChanged();
  await until(() => ended.length === 1, "the end");
  expect(errors).toHaveLength(1);
});

test("a call that cannot be ended keeps no other from its end", async () => {
  let isStuck = true;
  const stuck = add("stuck", {
    end(reason) {
      if (isStuck) throw new Error("a defect");
      ended.push(["stuck", reason]);
    },
  });
  add("behind it");
  calls.revoke({ kind: "token", id: "t1" });
  expect([ended, errors.length]).toEqual([[["behind it", "revoked"]], 1]);
  tokens.clear();
  calls.callersChanged();
  await until(() => errors.length === 2, "the next try");
  isStuck = false;
  stuck.end("draining");
});

test("a drain without calls is over at once", async () => {
  await calls.drain(60_000);
});
