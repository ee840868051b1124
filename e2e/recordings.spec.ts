import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { formatDuration } from "../app/components/audit/format-count.ts";
import { RecordingEntry, RecordingList } from "../lib/audit/recordings/schema.ts";
import type { HistoryRecording } from "../test/history/generate-recordings.ts";
import { expectNoViolations } from "./support/accessibility.ts";
import { getApi, RECORDED_SOON, waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { kubectl, startKubectl } from "./support/kubectl.ts";
import { applyFilter } from "./support/request-audit-page.ts";
import { seedRecordings } from "./support/seed-recordings.ts";
import { expect, test } from "./support/test.ts";

const PATH = "/audit/kubernetes/recordings";
const DAY_MS = 86_400_000;
/** A day long over that no other file writes to. */
const TO = Math.floor(Date.now() / DAY_MS) * DAY_MS - 20 * DAY_MS;
const FROM = TO - DAY_MS;
const RANGE = { from: new Date(FROM).toISOString(), to: new Date(TO).toISOString() };
let seeded: HistoryRecording[];

test.beforeAll(async () => {
  const before = await listRecordings({ ...RANGE, limit: "1" });
  expect(before).toEqual([]);
  seeded = await seedRecordings({ count: 60, from: FROM, to: TO });
});

async function listRecordings(query: Record<string, string>): Promise<RecordingEntry[]> {
  const response = await getApi(`/api/v1/recordings?${new URLSearchParams(query)}`);
  return RecordingList.parse(await response.json()).entries;
}

const rows = (page: Page) => page.locator("table.audit-table tbody tr[data-no]");
const open = (page: Page, query: Record<string, string> = {}) =>
  page.goto(`${PATH}?${new URLSearchParams({ ...RANGE, ...query })}`);

/** The cells of a row by their columns. */
async function readRow(page: Page, index: number): Promise<Record<string, string>> {
  await expect(rows(page).nth(index)).toBeVisible();
  const titles = await page.locator("table.audit-table thead th .label").allTextContents();
  const cells = await rows(page).nth(index).locator("td").allTextContents();
  return Object.fromEntries(titles.map((title, column) => [title, cells[column] ?? ""]));
}

test("the list has a row for each session, with its columns", async ({ readingPage: page }) => {
  await open(page, { filter: "kind = exec AND exitCode = 130" });
  const [recording] = await listRecordings({
    ...RANGE,
    filter: "kind = exec AND exitCode = 130",
    limit: "1",
  });
  expect(await readRow(page, 0)).toMatchObject({
    No: recording!.no.toLocaleString("en-US"),
    Ended: "Completed",
    Name: recording!.name,
    Email: recording!.email ?? "–",
    "Cluster Name": recording!.clusterName,
    Namespace: recording!.namespace,
    Pod: recording!.pod,
    Container: recording!.container,
    Kind: "exec",
    Role: recording!.role,
    "Client IP": recording!.clientIp,
    "Client Name": recording!.clientName,
    Duration: formatDuration(recording!.durationMs),
    "Exit Code": "130",
  });
});

test("the filter, the numbers at the left and the search narrow it", async ({ auditorPage: page }) => {
  await open(page);
  const count = page.locator(".count-line [role=status]");
  await expect(count).toHaveText("60 recordings");
  const byKind = Map.groupBy(seeded, ({ kind }) => kind);
  await applyFilter(page, "kind = shell");
  await expect(count).toHaveText(new RegExp(`^${byKind.get("shell")!.length} recordings?$`));
  await applyFilter(page, "");
  await page.getByRole("button", { name: /^exec/ }).click();
  await expect(count).toHaveText(`${byKind.get("exec")!.length} recordings`);
  await applyFilter(page, "");
  const { pod } = seeded.find((recording) => recording.pod !== null)!;
  await page.getByRole("searchbox", { name: "Search: Person or pod" }).fill(pod!);
  await expect(count).toHaveText(
    new RegExp(`^${seeded.filter((recording) => recording.pod === pod).length} recordings?$`),
  );
  await expect(rows(page).first()).toContainText(pod!);
});

test("a row opens the recording's page, by keyboard and by a click", async ({ auditorPage: page }) => {
  await open(page, { filter: "kind = exec" });
  const [first, second] = await listRecordings({ ...RANGE, filter: "kind = exec", limit: "2" });
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows(page).nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${PATH}/${second!.recordingId}$`));
  await page.goBack();
  await expect(rows(page).first()).toBeVisible();
  await rows(page).first().locator("td").first().click();
  await expect(page).toHaveURL(new RegExp(`${PATH}/${first!.recordingId}$`));
});

test("a search in what was typed and shown finds sessions, and opens them with it", async ({
  auditorPage: page,
}) => {
  const found = async () => (await listRecordings({ ...RANGE, filter: 'output : "acquire timeout"' })).length;
  // The recordings are prepared for playback one after the other.
  await expect.poll(found, { timeout: 60_000 }).toBeGreaterThan(0);
  await open(page, { search: "acquire timeout" });
  await expect(page.getByRole("heading", { name: "No recordings match" })).toBeVisible();
  await page.getByRole("button", { name: /^Show \d+ recordings?$/ }).click();
  await expect(rows(page).first()).toBeVisible();
  await rows(page).first().locator("td").first().click();
  await expect(page).toHaveURL(/\?q=acquire\+timeout$/);
  await expect(page.getByLabel("Search the text of this session")).toHaveValue("acquire timeout");
  // It has gone to the first moment that shows it.
  await expect(page.getByText(/^1 of \d+/)).toBeVisible();
});

test("what is exported is what the filter finds", async ({ auditorPage: page }) => {
  await open(page, { filter: "tty = no" });
  await expect(rows(page).first()).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^NDJSON/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^recordings-.*\.ndjson$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\n");
  const ids = lines.map((line) => RecordingEntry.parse(JSON.parse(line)).recordingId);
  const expected = seeded.filter(({ tty }) => tty === "no").map(({ recordingId }) => recordingId);
  expect(ids.toSorted()).toEqual(expected.toSorted());
});

test("a view is kept and opened again", async ({ auditorPage: page }) => {
  const name = `Copies ${Date.now()}`;
  await open(page, { filter: "kind = cp" });
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("textbox", { name: /name/i }).fill(name);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("View saved")).toBeVisible();
  await page.goto(PATH);
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("button", { name }).first().click();
  await expect(page.getByRole("combobox", { name: "Filter expression" })).toHaveValue("kind = cp");
});

test.describe("a session through the gateway", () => {
  test("is listed when it has ended, for its person and for auditors; its calls lead to it", async ({
    auditorPage: page,
    alicePage,
  }) => {
    const since = new Date().toISOString();
    const word = `recorded-${Date.now()}`;
    const exec = ["-n", CLUSTER.namespace, "exec", CLUSTER.pod.name, "-c", CLUSTER.pod.container];
    await page.goto(`${PATH}?live=true`);
    await expect(page.getByRole("heading", { level: 1, name: "Pod Session Recordings" })).toBeVisible();
    await kubectl([...exec, "--", "sh", "-c", `echo ${word}`]);
    const filter = `startedAt >= "${since}" AND commandLine : "${word}"`;
    await expect
      .poll(
        async () => (await listRecordings({ from: "now-1h", to: "now+1h", filter })).length,
        RECORDED_SOON,
      )
      .toBe(1);
    const [recording] = await listRecordings({ from: "now-1h", to: "now+1h", filter });
    expect(recording).toMatchObject({
      email: "alice@acme.example",
      clusterName: CLUSTER.name,
      namespace: CLUSTER.namespace,
      pod: CLUSTER.pod.name,
      kind: "exec",
      tty: "no",
      ending: "completed",
      result: "success",
      exitCode: 0,
    });
    await expect(page.locator(`tr[data-no="${recording!.no}"]`)).toBeVisible();

    const calls = await waitForCalls(`auditId = "${recording!.auditId}"`, 2);
    for (const { no } of calls) {
      await page.goto(`/audit/kubernetes/request-audit/${no}`);
      const drawer = page.getByRole("complementary", { name: /^Call / });
      await expect(drawer).toContainText("Pod Session Recording");
      await expect(drawer.getByRole("link", { name: "Session Recording" })).toHaveAttribute(
        "href",
        `${PATH}/${recording!.recordingId}`,
      );
    }
    const related = await getApi(`/api/v1/recordings/${recording!.recordingId}/related`);
    expect(await related.json()).toMatchObject({
      start: { no: calls.find(({ stage }) => stage === "start")!.no },
      end: { no: calls.find(({ stage }) => stage === "end")!.no },
    });

    await alicePage.goto(PATH);
    await expect(alicePage.getByText("You see your own sessions.")).toContainText("recordings:play");
    await expect(alicePage.locator(`tr[data-no="${recording!.no}"]`)).toBeVisible();
    await open(alicePage);
    await expect(alicePage.getByRole("heading", { name: "No recordings match" })).toBeVisible();
  });

  test("leads to watching it while it runs", async ({ auditorPage: page }) => {
    const since = new Date().toISOString();
    const exec = ["-n", CLUSTER.namespace, "exec", "-i", CLUSTER.pod.name, "-c", CLUSTER.pod.container];
    const session = await startKubectl([...exec, "--", "cat"]);
    try {
      const filter = `executedAt >= "${since}" AND resource = "pods/exec" AND stage = "start" AND recordingId:*`;
      const [call] = await waitForCalls(filter);
      await page.goto(`/audit/kubernetes/request-audit/${call!.no}`);
      const drawer = page.getByRole("complementary", { name: /^Call / });
      await expect(drawer).toContainText("running, can be watched");
      await drawer.getByRole("link", { name: "Session Recording" }).click();
      await expect(page).toHaveURL(new RegExp(`${PATH}/${call!.recordingId}$`));
      await page.goto(PATH);
      await expect(page.locator(`a[href="${PATH}/${call!.recordingId}"]`).first()).toBeVisible();
    } finally {
      session.stdin.end();
      session.kill("SIGKILL");
    }
  });

  test("a call that was not recorded has no link", async ({ auditorPage: page }) => {
    await kubectl(["-n", CLUSTER.namespace, "get", "pods"]);
    const [call] = await waitForCalls('verb = "list" AND resource = "pods" AND NOT recordingId:*');
    await page.goto(`/audit/kubernetes/request-audit/${call!.no}`);
    const drawer = page.getByRole("complementary", { name: /^Call / });
    await expect(drawer).toContainText("Audit ID");
    await expect(drawer).not.toContainText("Session Recording");
  });
});

test("keeps WCAG 2.2 AA in both themes and on a phone", async ({ auditorPage: page }) => {
  test.setTimeout(180_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page);
  await expect(rows(page).first()).toBeVisible();
  await expectNoViolations(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNoViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  const failed = page.locator(".call-item.is-failure").first();
  await expect(page.locator(".call-item[data-no]").first()).toBeVisible();
  await expectNoViolations(page);
  await open(page, { filter: "result = failure" });
  await expect(failed.locator(".said")).toHaveText(/^(Terminated|Revoked|Interrupted|Unrecorded) ./);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
