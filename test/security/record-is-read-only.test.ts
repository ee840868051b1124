import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { permissionsOf } from "../../lib/access/permission.ts";
import { type ConsoleRole, systemContext } from "../../lib/context.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const app = new URL("../../app/", import.meta.url);
const RECORD = "{api/v1/{request-audit,event-history,audit,overview,record-status},v1/k8s/audit}/**/route.ts";
const routes = globSync(RECORD, { cwd: app });

test("the record's routes are all looked at", () => {
  expect(routes.length).toBeGreaterThan(15);
});

test.each(routes)("%s reads and does nothing else", async (route) => {
  const handlers = (await import(new URL(route, app).href)) as object;
  expect(METHODS.filter((method) => method in handlers)).toEqual(["GET"]);
});

function permissions(consoleRole: ConsoleRole) {
  const actor = { kind: "application" as const, id: "0", name: "a", consoleRole };
  return permissionsOf({ ...systemContext("test"), actor });
}

test("nobody has a permission to change the record", () => {
  const ofTheRecord = permissions("administrator").filter((name) => name.startsWith("audit:"));
  expect(ofTheRecord.toSorted()).toEqual(["audit:export", "audit:read"]);
});

test("auditors have none to change anything but alerts, views, tokens and requests of their own, and to end sessions", () => {
  const changing = permissions("auditor").filter((name) => !/:(read|export|play)$/.test(name));
  expect(changing.toSorted()).toEqual([
    "alerts:write",
    "recordings:end",
    "requests:own",
    "tokens:own",
    "views:share",
    "views:write",
  ]);
});
