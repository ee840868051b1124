import { readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { findCalls, getApi, waitForCalls } from "./support/audit-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { requestAuditUrl } from "./support/request-audit-page.ts";
import { PERSON_NAMES, signIn } from "./support/sign-in.ts";
import { expect, test } from "./support/test.ts";

// Each process remembers whose a token is by itself: of several, one that has not seen alice's could not ask whose it is.
test.use({
  installationOf: "postgres-outage",
  installationSettings: { KUBEWITNESS_GATEWAY_PROCESSES: "1" },
});

/** Kills the embedded PostgreSQL; it cannot start again before the returned function was called. */
function takePostgresAway(): () => void {
  const directory = path.join(process.env.E2E_DATA!, "demo/postgres/pgdata");
  const control = path.join(directory, "global/pg_control");
  renameSync(control, `${control}.away`);
  process.kill(
    Number(readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n")[0]),
    "SIGKILL",
  );
  return () => renameSync(`${control}.away`, control);
}

const away =
  "The database cannot be reached. Until it is back, the calls that the gateway lets through are kept in its journal.";
const NAMESPACE = ["-n", "payments"];

test("kubectl goes on while PostgreSQL is away; the record has the calls once it is back", async ({
  page,
  browser,
}) => {
  // PostgreSQL is started again after ever longer waits, of half a minute at last.
  test.setTimeout(300_000);
  await page.goto("/signin?callbackUrl=/audit/kubernetes/request-audit");
  await signIn(page, "auditor");
  expect((await kubectl([...NAMESPACE, "get", "pods"])).code).toBe(0);
  await waitForCalls('resource = "pods" AND verb = "list"');
  const [before] = await findCalls("");
  await page.goto(requestAuditUrl({}));
  await expect(page.locator("table.audit-table tbody tr[data-no]").first()).toBeVisible();
  const bringBack = takePostgresAway();

  const created = await kubectl([...NAMESPACE, "create", "configmap", "during-an-outage"]);
  expect(created).toMatchObject({ code: 0, stdout: "configmap/during-an-outage created\n" });
  const denied = await kubectl([...NAMESPACE, "delete", "namespace", "payments"]);
  expect(denied.stderr).toContain("role developer does not allow it");
  // Whoever balances load must go on to send calls here.
  expect((await fetch(`${process.env.E2E_URL}/readyz`)).status).toBe(200);
  const refused = await getApi("/api/v1/request-audit?limit=1");
  expect(refused.status).toBe(503);
  expect((await refused.json()).message).toContain(away);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert").filter({ hasText: away })).toBeVisible();
  await page.goto(requestAuditUrl({}));
  await expect(page.getByRole("alert").filter({ hasText: away })).toBeVisible();
  const somebodyElse = await browser.newPage();
  await somebodyElse.goto("/signin");
  await somebodyElse.getByRole("button", { name: /^Continue with/ }).click();
  await somebodyElse.getByRole("button", { name: PERSON_NAMES.alice }).click();
  await expect(somebodyElse.getByText("The sign-in cannot be finished now.")).toBeVisible();

  bringBack();
  await expect
    .poll(async () => (await getApi("/api/v1/request-audit?limit=1")).status, { timeout: 90_000 })
    .toBe(200);
  const [call] = await waitForCalls('resource = "configmaps" AND verb = "create"');
  expect(call).toMatchObject({ resourceName: "during-an-outage", result: "success" });
  await waitForCalls('verb = "delete" AND resource = "namespaces" AND result = "failure"');
  const numbers = (await findCalls(`no > ${before!.no}`)).map(({ no }) => no).toSorted((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => before!.no + 1 + index));
  // What reads the record on goes on from where it was.
  await expect
    .poll(async () => (await fetch(`${process.env.E2E_URL}/readyz`)).text(), { timeout: 60_000 })
    .toBe("ok\n");
  const sinksAt = async (no: number) => {
    const { record } = await (await getApi("/api/v1/record-status")).json();
    return record.sinks.map((sink: { title: string; cursors: { lastNo: number }[] }) => [
      sink.title,
      sink.cursors[0]!.lastNo >= no,
    ]);
  };
  await expect
    .poll(() => sinksAt(call!.no), { timeout: 60_000 })
    .toEqual([
      ["PostgreSQL", true],
      ["the check of numbers", true],
      ["the evaluation of alerts", true],
    ]);
  // The page asks again by itself, maybe before the journal is written; what came since is a refresh away.
  await expect(page.getByRole("alert").filter({ hasText: away })).toBeHidden({ timeout: 60_000 });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.locator("table.audit-table tbody tr", { hasText: "during-an-outage" })).toBeVisible();
});
