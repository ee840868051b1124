import { globSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemContext } from "../../lib/context.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { createTestInstallation, readEvents, type TestInstallation } from "../../test/installation.ts";
import { entityOfPath } from "./refused-change.ts";
import * as grant from "./v1/grants/[id]/route.ts";
import * as settings from "./v1/settings/route.ts";

const ctx = systemContext("test");
const ID = "00000000-0000-4000-8000-000000000000";
let installation: TestInstallation;

beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(() => installation.close());

test("a change that somebody may not make is an event, that of nobody known is none", async () => {
  const person = await createPerson({ ctx, input: { email: "u@acme.example", name: "U", groups: [] } });
  const { token } = await issueToken({ ctx, input: { name: "t", userId: person.id } });
  const ask = (method: string, path: string, authorization?: string) =>
    new Request(`http://localhost:3000${path}`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
    });
  const route = { params: Promise.resolve({ id: ID }) };
  const bearer = `Bearer ${token}`;
  const before = (await readEvents(installation)).length;
  expect((await grant.DELETE(ask("DELETE", `/api/v1/grants/${ID}`, bearer), route)).status).toBe(403);
  expect((await settings.PATCH(ask("PATCH", "/api/v1/settings", bearer), route)).status).toBe(403);
  expect((await settings.PATCH(ask("PATCH", "/api/v1/settings"), route)).status).toBe(401);
  expect((await readEvents(installation)).slice(before)).toMatchObject([
    { action: "Delete", entityType: "AccessGrant", entityId: ID, status: "Failed", actorName: person.email },
    {
      action: "Update",
      entityType: "Settings",
      status: "Failed",
      error: expect.stringContaining("settings:write"),
    },
  ]);
});

describe("every change of the API", () => {
  const files = globSync("v1/**/route.ts", { cwd: import.meta.dirname });
  // Nobody signed in is asked there, what is read by POST, or it is an event by itself.
  const WITHOUT = /^v1\/(?:access|sign-in|token)\//;

  test.each(files.filter((file) => !WITHOUT.test(file)))("%s has an entity", async (file) => {
    const handlers = Object.keys(await import(new URL(file, import.meta.url).href));
    if (!handlers.some((name) => /^(?:POST|PUT|PATCH|DELETE)$/.test(name))) return;
    expect(entityOfPath(`/api/${file.replace(/\/route\.ts$/, "")}`)).not.toBeNull();
  });
});
