import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { ensurePartitions } from "../audit/store/partitions.ts";
import { config } from "../config.ts";
import { type Context, systemContext } from "../context.ts";
import type { Fresh } from "../db/keep-fresh.ts";
import { log } from "../log.ts";
import { listSettings } from "./data.ts";
import { changeSettings } from "./mutations.ts";
import { startSettings } from "./refresh.ts";
import { getRetentionEffect } from "./retention-effect.ts";

const DAY_MS = 86_400_000;
const ctx = systemContext("test");
const administrator = person("ada", "administrator");
let installation: TestInstallation;
let fresh: Fresh;

beforeAll(async () => {
  installation = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_WEB_SHELL_IDLE: "30m" });
  fresh = await startSettings({ pollMs: 200 });
});
afterEach(async () => {
  await installation.pool.query("delete from settings where revision is not null");
  await fresh.reload();
});
afterAll(async () => {
  await fresh.stop();
  await installation.close();
});

function person(name: string, consoleRole: "administrator" | "auditor"): Context {
  const email = `${name}@acme.example`;
  const id = crypto.randomUUID();
  return { ...ctx, actor: { kind: "user", id, name, email, consoleRole, groups: [], groupIds: [] } };
}

const change = (changes: { name: string; value: never | unknown; revision?: number }[], as = administrator) =>
  changeSettings({ ctx: as, input: { changes: changes as never } });
const settingOf = async (name: string, as = administrator) =>
  (await listSettings({ ctx: as })).find((setting) => setting.name === name)!;

describe("a setting that is changed", () => {
  test("is in effect with the answer, with who set it and an event of before and after", async () => {
    const before = await lastEventNo(installation);
    await change([
      { name: "tokens.lifetime", value: "12h" },
      { name: "console.banner", value: "Maintenance at noon" },
    ]);
    expect(config().tokens.lifetimeMs).toBe(DAY_MS / 2);
    expect(config().console.banner).toBe("Maintenance at noon");
    expect(await settingOf("tokens.lifetime")).toMatchObject({
      value: "12 h",
      written: "12h",
      origin: "console",
      changedBy: "ada@acme.example",
      problem: null,
    });
    const event = { entityType: "Settings", status: "Succeeded", actorName: "ada@acme.example" };
    expect(await readEvents(installation, before)).toMatchObject([
      { ...event, entityId: "tokens.lifetime", before: { value: "7d" }, after: { value: "12h" } },
      {
        ...event,
        entityId: "console.banner",
        before: { value: null },
        after: { value: "Maintenance at noon" },
      },
    ]);
  });

  test("counts for processes that only the database tells of it", async () => {
    await installation.pool.query(
      `insert into settings (key, value, revision) values ('audit.retention_days', '30', nextval('settings_revision'))`,
    );
    await expect.poll(() => config().audit.retentionDays, { timeout: 10_000 }).toBe(30);
  });

  test("is given back to its default by null", async () => {
    await change([{ name: "webShell.enabled", value: false }]);
    expect(config().webShell.enabled).toBe(false);
    await change([{ name: "webShell.enabled", value: null }]);
    expect(config().webShell.enabled).toBe(true);
    expect(await settingOf("webShell.enabled")).toMatchObject({
      origin: "default",
      revision: 0,
      value: "Yes",
    });
  });

  test("reaches those who kept the configuration's patterns", async () => {
    await change([{ name: "audit.redact.exec_arguments", value: ["acme-\\d+"] }]);
    expect(config().audit.redact.execArguments.map(String)).toEqual(["/acme-\\d+/g"]);
    expect((await settingOf("audit.redact.exec_arguments")).written).toEqual(["acme-\\d+"]);
    expect(await settingOf("audit.redact.exec_arguments", person("audrey", "auditor"))).toMatchObject({
      written: null,
      value: "1 of them, not shown",
    });
  });
});

describe("refused, with nothing half saved and an event", () => {
  const refused = async (
    changes: Parameters<typeof change>[0],
    field: string,
    words: RegExp,
    as = administrator,
  ) => {
    const before = await lastEventNo(installation);
    const lifetime = config().tokens.lifetimeMs;
    const error = await change([{ name: "tokens.lifetime", value: "1h" }, ...changes], as).catch(
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ name: "AppError", message: expect.stringMatching(words) });
    if (field) expect(error.details[0].field).toBe(field);
    expect(config().tokens.lifetimeMs).toBe(lifetime);
    expect(await settingOf("tokens.lifetime")).toMatchObject({ revision: 0 });
    expect(await readEvents(installation, before)).toEqual([
      expect.objectContaining({
        entityType: "Settings",
        status: "Failed",
        error: expect.stringMatching(words),
      }),
    ]);
  };

  test.each([
    [
      "what it does not take",
      [{ name: "audit.retention_days", value: -1 }],
      "changes.1.value",
      /takes a number of days/,
    ],
    [
      "an expression that is none",
      [{ name: "audit.redact.exec_arguments", value: ["("] }],
      "changes.1.value",
      /expressions/,
    ],
    [
      "a banner that turns the text around it",
      [{ name: "console.banner", value: "a\u202eb" }],
      "changes.1.value",
      /one line/,
    ],
    [
      "a setting there is not",
      [{ name: "tokens.lifetimes", value: "1h" }],
      "changes.1.name",
      /did you mean "tokens.lifetime"/,
    ],
    [
      "one that is not changed here",
      [{ name: "encryption.key", value: "x" }],
      "changes.1.name",
      /may be changed while it runs/,
    ],
    ["one twice", [{ name: "tokens.lifetime", value: "2h" }], "changes.1.name", /each setting once/],
  ])("%s", (_what, changes, field, words) => refused(changes, field, words));

  test("one that the environment sets, and it says where", async () => {
    await refused(
      [{ name: "webShell.idle", value: "1h" }],
      "changes.1.name",
      /KUBEWITNESS_WEB_SHELL_IDLE in the environment sets this one/,
    );
    expect(await settingOf("webShell.idle")).toMatchObject({
      origin: "environment",
      setIn: "KUBEWITNESS_WEB_SHELL_IDLE",
      value: "30 min",
    });
  });

  test("an auditor", () =>
    refused([], "", /needs the permission "settings:write"/, person("audrey", "auditor")));
});

describe("two administrators", () => {
  test("the second of those who saw the same is told of the first", async () => {
    const seen = (await settingOf("tokens.lifetime")).revision;
    const both = await Promise.allSettled([
      change([{ name: "tokens.lifetime", value: "1h", revision: seen }]),
      change([{ name: "tokens.lifetime", value: "2h", revision: seen }], person("grace", "administrator")),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = both.find((one) => one.status === "rejected")!;
    const winner = both[0].status === "fulfilled" ? "ada" : "grace";
    expect(lost.reason).toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`was changed by ${winner}@acme.example`),
    });
  });

  test("a value that was given back and set again is not what was seen", async () => {
    await change([{ name: "tokens.lifetime", value: "1h" }]);
    const { revision } = await settingOf("tokens.lifetime");
    await change([{ name: "tokens.lifetime", value: null }]);
    await change([{ name: "tokens.lifetime", value: "3h" }]);
    await expect(change([{ name: "tokens.lifetime", value: "2h", revision }])).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("a value in the database that does not count", () => {
  const store = (name: string, value: unknown) =>
    installation.pool.query(
      "insert into settings (key, value, revision) values ($1, $2, nextval('settings_revision'))",
      [name, JSON.stringify(value)],
    );

  test("opens nothing, loses nothing, and is told of", async () => {
    const told = vi.spyOn(log, "error");
    await store("audit.retention_days", "a month");
    await store("webShell.enabled", "perhaps");
    await store("audit.redact.exec_arguments", ["("]);
    await fresh.reload();
    expect(config().audit.retentionDays).toBe(0);
    expect(config().webShell.enabled).toBe(false);
    expect("--pin=1234".replace(config().audit.redact.execArguments[0]!, "")).toBe("");
    // The poll may have found some of them before, and told of these too.
    expect(new Set(told.mock.calls.map(([about]) => (about as { setting?: string }).setting))).toEqual(
      new Set(["audit.retention_days", "webShell.enabled", "audit.redact.exec_arguments"]),
    );
    told.mockRestore();
    expect((await settingOf("audit.retention_days")).problem).toMatch(
      /does not count: takes a number of days/,
    );
  });

  test("is not what the environment sets", async () => {
    await store("webShell.idle", "1h");
    await fresh.reload();
    expect(config().webShell.idleMs).toBe(30 * 60_000);
    expect((await settingOf("webShell.idle")).problem).toMatch(/does not count/);
  });

  test("is no mark of the installation", async () => {
    await installation.pool.query(`insert into settings (key, value) values ('tokens.lifetime', '"1h"')`);
    await fresh.reload();
    expect(config().tokens.lifetimeMs).toBe(7 * DAY_MS);
    await installation.pool.query("delete from settings where key = 'tokens.lifetime'");
  });
});

test("whoever shortens retention is told how much of the record goes", async () => {
  const { pool } = installation;
  const days = [40, 20].map((ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10));
  await ensurePartitions(pool, days);
  for (const [index, day] of days.entries()) {
    await pool.query(
      "insert into kube_request_hour_total (hour, ledger_id, result, count) values ($1, 1, 1, $2)",
      [`${day}T05:00:00Z`, 7 + index],
    );
  }
  const effect = (kept: number) => getRetentionEffect({ ctx: administrator, input: { days: kept } });
  expect(await effect(30)).toMatchObject({ days: 1, calls: 7, recordings: 0 });
  expect(await effect(10)).toMatchObject({ days: 2, calls: 15 });
  expect(await effect(0)).toEqual({ firstKept: null, days: 0, calls: 0, events: 0, recordings: 0 });
});
