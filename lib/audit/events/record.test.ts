import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { recordEvent, recordEventAlone } from "./record.ts";

let db: TestDatabase;
const ctx: Context = {
  actor: {
    kind: "user",
    id: "u1",
    name: "Alice",
    email: "alice@example.com",
    consoleRole: "user",
    groups: [],
    groupIds: [],
  },
  sourceIp: "192.0.2.7",
  userAgent: "Firefox",
  requestId: "r1",
};

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function rows(sql: string, parameters: unknown[] = []) {
  return (await db.pool.query(sql, parameters)).rows;
}

test("an event is stored with its number, its strings, its bodies and its counter", async () => {
  const happenedAt = new Date("2026-03-04T05:06:07.089Z");
  const { no } = await recordEventAlone(ctx, {
    action: "Update",
    operation: "Revoke",
    entityType: "ApiKey",
    entityId: "k1",
    entityName: "laptop",
    cluster: { id: "c1", name: "prod", endpoint: "https://10.0.0.1" },
    before: { enabled: true, tokenHash: "c0ffee", nul: "a\u0000b" },
    after: { enabled: false },
    happenedAt,
  });
  const [row] = await rows(
    `SELECT happened_at, no, action.value AS action, operation.value AS operation, entity.value AS entity_type,
       ip.value AS ip, agent.value AS agent, actor.name, cluster.name AS cluster, status, entity_id, entity_name, before, after
     FROM audit_event JOIN audit_event_body USING (happened_at, ledger_id, no)
     JOIN audit_dictionary action ON action.id = action_id JOIN audit_dictionary operation ON operation.id = operation_id
     JOIN audit_dictionary entity ON entity.id = entity_type_id JOIN audit_dictionary ip ON ip.id = source_ip_id
     JOIN audit_dictionary agent ON agent.id = user_agent_id JOIN audit_actor actor ON actor.id = actor_id
     JOIN audit_cluster cluster ON cluster.id = audit_event.cluster_id WHERE no = $1`,
    [no],
  );
  expect(row).toEqual({
    happened_at: happenedAt,
    no,
    action: "Update",
    operation: "Revoke",
    entity_type: "ApiKey",
    ip: "192.0.2.7",
    agent: "Firefox",
    name: "Alice",
    cluster: "prod",
    status: 1,
    entity_id: "k1",
    entity_name: "laptop",
    before: { enabled: true, tokenHash: "[redacted]", nul: "a\ufffdb" },
    after: { enabled: false },
  });
  expect(await rows("SELECT minute, count FROM audit_event_minute WHERE minute < '2026-03-05'")).toEqual([
    { minute: new Date("2026-03-04T05:06:00Z"), count: 1 },
  ]);
});

test("a rolled back change leaves no event and no gap", async () => {
  const first = await recordEventAlone(ctx, {
    action: "View",
    operation: "Search",
    entityType: "RequestAudit",
  });
  const failing = inTransaction(db.prisma, async (tx) => {
    await recordEvent(tx, ctx, { action: "Create", entityType: "Role", entityName: "never" });
    throw new Error("the change fails");
  });
  await expect(failing).rejects.toThrow("the change fails");
  const next = await recordEventAlone(ctx, {
    action: "View",
    operation: "Search",
    entityType: "RequestAudit",
  });
  expect(next.no).toBe(first.no + 1);
  expect(await rows("SELECT 1 FROM audit_event WHERE entity_name = 'never'")).toEqual([]);
});

test("a failed login has the name that was tried and no account", async () => {
  const anonymous: Context = { ...ctx, actor: { kind: "anonymous", claimed: "mallory" } };
  const { no } = await recordEventAlone(anonymous, {
    action: "Login",
    entityType: "Login",
    status: "Failed",
    error: "no such person",
  });
  expect(
    await rows(
      `SELECT actor.kind, actor.name, status, error FROM audit_event JOIN audit_actor actor ON actor.id = actor_id
       WHERE no = $1`,
      [no],
    ),
  ).toEqual([{ kind: "anonymous", name: "mallory", status: 0, error: "no such person" }]);
});

test("many at once get numbers without gap or double", async () => {
  const recorded = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      recordEventAlone(ctx, {
        action: "Create",
        entityType: "SavedView",
        entityName: `view ${index % 7}`,
        happenedAt: new Date(Date.UTC(2025, 0, 1 + (index % 3))),
      }),
    ),
  );
  const numbers = recorded.map(({ no }) => no).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
});
