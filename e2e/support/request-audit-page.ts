import { expect, type Locator, type Page } from "@playwright/test";
import { formatBytes, formatDuration } from "../../app/components/audit/format-count.ts";
import type { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";

export const REQUEST_AUDIT_PATH = "/audit/kubernetes/request-audit";

/** The time zone that playwright.config.ts gives the browser. */
const TIME_ZONE = "Europe/Berlin";

/** Every column by its title, with what stands in it for a call. */
const COLUMNS: Record<string, { id: keyof RequestAuditEntry; text: (call: RequestAuditEntry) => string }> = {
  No: { id: "no", text: ({ no }) => no.toLocaleString("en-US") },
  "Executed At": { id: "executedAt", text: ({ executedAt }) => clockOf(executedAt) },
  Result: { id: "result", text: resultOf },
  Name: { id: "name", text: ({ name, email }) => (name ? `${name}${email || "app"}` : "Nobody signed in") },
  Email: { id: "email", text: ({ email }) => email ?? "" },
  "Client IP": { id: "clientIp", text: ({ clientIp }) => clientIp ?? "" },
  "Cluster Name": { id: "clusterName", text: ({ clusterName }) => clusterName ?? "" },
  Role: { id: "role", text: ({ role }) => role ?? "–" },
  Namespace: { id: "namespace", text: ({ namespace }) => namespace ?? "–" },
  Verb: { id: "verb", text: ({ verb }) => verb },
  Resource: { id: "resource", text: ({ resource }) => resource ?? "–" },
  "Resource Name": { id: "resourceName", text: ({ resourceName }) => resourceName ?? "" },
  Duration: {
    id: "durationMs",
    text: ({ durationMs }) => (durationMs === null ? "–" : formatDuration(durationMs)),
  },
  Message: { id: "message", text: ({ message }) => message ?? "" },
  "Client Name": { id: "clientName", text: ({ clientName }) => clientName ?? "" },
  "Cluster Endpoint": { id: "clusterEndpoint", text: ({ clusterEndpoint }) => clusterEndpoint ?? "" },
  "Kubernetes Groups": {
    id: "kubernetesGroups",
    text: ({ kubernetesGroups }) => kubernetesGroups.join(", ") || "–",
  },
  "Access Method": { id: "accessMethod", text: ({ accessMethod }) => accessMethod },
  "HTTP Status": { id: "httpStatus", text: ({ httpStatus }) => String(httpStatus ?? "") },
  Command: { id: "command", text: ({ command }) => command ?? "" },
  "Impersonated User": { id: "impersonatedUser", text: ({ impersonatedUser }) => impersonatedUser ?? "" },
  "Impersonated Groups": {
    id: "impersonatedGroups",
    text: ({ impersonatedGroups }) => impersonatedGroups.join(", "),
  },
  Stage: { id: "stage", text: ({ stage }) => stage },
  "Exit Code": { id: "exitCode", text: ({ exitCode }) => String(exitCode ?? "") },
  "Bytes In": { id: "bytesIn", text: ({ bytesIn }) => (bytesIn === null ? "" : formatBytes(bytesIn)) },
  "Bytes Out": { id: "bytesOut", text: ({ bytesOut }) => (bytesOut === null ? "" : formatBytes(bytesOut)) },
  "Tunnel Agent": { id: "tunnelAgent", text: ({ tunnelAgent }) => tunnelAgent ?? "" },
};

export const ALL_COLUMNS = Object.keys(COLUMNS);

/** What the columns of a call's row should say, by their titles. A range over midnight has its times with their day. */
export function expectedRow(
  call: RequestAuditEntry,
  range: () => { from: number; to: number },
): Record<string, string> {
  const texts = Object.entries(COLUMNS).map(([title, { text }]) => [title, text(call)]);
  const row: Record<string, string> = Object.fromEntries(texts);
  const { from, to } = range();
  if (dayOf(from) !== dayOf(to - 1)) row["Executed At"] = dayAndClockOf(call.executedAt);
  return row;
}

export interface AuditPageAddress {
  filter?: string;
  search?: string;
  /** Shows every column. */
  everyColumn?: boolean;
  from?: string;
  to?: string;
  live?: boolean;
}

/** The address of the page with its whole view in it. */
export function requestAuditUrl({ everyColumn, live, ...query }: AuditPageAddress): string {
  const parameters = new URLSearchParams({ from: "now-2h", to: "now", ...query });
  if (everyColumn)
    parameters.set(
      "columns",
      Object.values(COLUMNS)
        .map(({ id }) => id)
        .join(","),
    );
  if (live) parameters.set("live", "true");
  return `${REQUEST_AUDIT_PATH}?${parameters}`;
}

export const rowOf = (page: Page, no: number): Locator => page.locator(`tr[data-no="${no}"]`);

/** The texts of a row by the titles of the columns. */
export async function readRow(page: Page, no: number): Promise<Record<string, string>> {
  const row = rowOf(page, no);
  await expect(row).toBeVisible();
  const titles = await page.locator("table.audit-table thead th .label").allTextContents();
  const cells = await row.locator("td").allTextContents();
  return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ""]));
}

/** Types a filter and applies it, as one does by hand. */
export async function applyFilter(page: Page, filter: string): Promise<void> {
  const field = page.getByRole("combobox", { name: "Filter expression" });
  await field.fill(filter);
  await field.press("Enter");
}

/** Filters the page, with every column shown, down to exactly these calls, and compares each cell. */
export async function expectOnPage(page: Page, calls: readonly RequestAuditEntry[]): Promise<void> {
  // A range that goes on past now: the page can stay from one command to the next. In instants: whether it is over midnight stays as it was.
  if (!page.url().includes(REQUEST_AUDIT_PATH))
    await page.goto(requestAuditUrl({ everyColumn: true, from: instantIn(-2), to: instantIn(2) }));
  const shown = new URL(page.url()).searchParams;
  const range = { from: Date.parse(shown.get("from")!), to: Date.parse(shown.get("to")!) };
  await applyFilter(page, `no IN (${calls.map(({ no }) => no).join(", ")})`);
  // A row may be among those of the filter before, and go with them while it is read.
  for (const call of calls)
    await expect.poll(() => readRow(page, call.no)).toEqual(expectedRow(call, () => range));
  await expect(page.locator("table.audit-table tbody tr[data-no]")).toHaveCount(calls.length);
}

const instantIn = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

function resultOf({ result, exitCode }: RequestAuditEntry): string {
  if (result === "failure") return "Failure";
  return exitCode ? `Success, Exit ${exitCode}` : "Success";
}

function dayOf(time: number): string {
  return new Date(time).toLocaleDateString("en-GB", { timeZone: TIME_ZONE, day: "numeric", month: "short" });
}

function dayAndClockOf(executedAt: string): string {
  const time = new Date(executedAt);
  return `${dayOf(time.getTime())} ${time.toLocaleTimeString("en-GB", { timeZone: TIME_ZONE })}`;
}

function clockOf(executedAt: string): string {
  const time = new Date(executedAt);
  const clock = time.toLocaleTimeString("en-GB", { timeZone: TIME_ZONE });
  return `${clock}.${String(time.getUTCMilliseconds()).padStart(3, "0")}`;
}
