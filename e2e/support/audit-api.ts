import { expect } from "@playwright/test";
import type { RequestAuditDetail, RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { consoleUrl, demoApplication } from "./installation.ts";

/** A token lives for an hour; the tests of one worker may take longer. */
const KEPT_MS = 30 * 60_000;

const bearers = new Map<string, { token: Promise<string>; keptUntil: number }>();

/** A bearer token of the demo's application, asked for once in half an hour. */
export function applicationToken(): Promise<string> {
  const console = consoleUrl();
  const kept = bearers.get(console);
  if (kept && Date.now() < kept.keptUntil) return kept.token;
  const token = askForToken(console);
  bearers.set(console, { token, keptUntil: Date.now() + KEPT_MS });
  return token;
}

async function askForToken(console: string): Promise<string> {
  const { id, secret } = demoApplication();
  const response = await fetch(`${console}/api/v1/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ grantType: "app_token", AppId: id, AppSecret: secret }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`POST /api/v1/token: ${response.status} ${JSON.stringify(body)}`);
  return body.accessToken;
}

/** GETs a path of the API as the demo's application. */
export async function getApi(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = { Authorization: `Bearer ${await applicationToken()}` };
  return fetch(`${consoleUrl()}${path}`, { headers: { ...authorization, ...headers } });
}

/** The entries of the last hour that a filter finds, newest first. */
export async function findCalls(filter: string): Promise<RequestAuditEntry[]> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const query = new URLSearchParams({ from, to, limit: "200", ...(filter ? { filter } : {}) });
  const response = await getApi(`/api/v1/request-audit?${query}`);
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
  return body.entries;
}

/** How to wait for what the record has within a second: looking often, and long enough for a busy machine. */
export const RECORDED_SOON = { intervals: [50, 100, 100, 150, 250], timeout: 15_000 };

/** Waits until at least `count` entries are found; the record is written within a second. */
export async function waitForCalls(filter: string, count = 1): Promise<RequestAuditEntry[]> {
  await expect
    .poll(async () => (await findCalls(filter)).length, { ...RECORDED_SOON, message: filter })
    .toBeGreaterThanOrEqual(count);
  return findCalls(filter);
}

/** The number of the newest entry; 0 where there is none. */
export async function lastNo(): Promise<number> {
  return (await findCalls("")).at(0)?.no ?? 0;
}

/** One entry with its request body. */
export async function getCall(no: number): Promise<RequestAuditDetail> {
  const response = await getApi(`/api/v1/request-audit/${no}`);
  if (!response.ok) throw new Error(`entry ${no}: ${response.status}`);
  return response.json();
}
