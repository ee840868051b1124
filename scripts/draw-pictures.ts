// node_modules/.bin/node scripts/draw-pictures.ts --url http://localhost:3000
// Draws the pictures of docs/images anew, from a demo whose database scripts/seed-history.ts has filled.
import path from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "./chromium.ts";
import { projectRoot } from "./steps.ts";

const { values } = parseArgs({ options: { url: { type: "string", default: "http://localhost:3000" } } });
const DAY_MS = 86_400_000;

const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
try {
  await drawWebShell(await signIn(browser, "Alice Moreau"));
  const page = await signIn(browser, "Chidi Okonkwo");
  await drawRequestAudit(page);
  await drawFilterBuilder(page);
  await drawEventDetail(page);
  await open(page, "/audit/overview?from=today-6d&to=today");
  await draw(page, "overview");
  await open(page, "/audit/kubernetes/recordings?from=today-13d&to=today");
  await draw(page, "recordings");
  await drawRecording(page);
  await drawPolicy(page);
  await drawAgents(page);
  await drawStreams(await signIn(browser, "Lena Hoffmann"));
} finally {
  await browser.close();
}

async function signIn(into: Browser, person: string): Promise<Page> {
  const page = await into.newPage({
    baseURL: values.url,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  await page.goto("/audit/overview");
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await page.getByRole("button", { name: person }).click();
  await page.waitForURL(`${values.url}/**`);
  return page;
}

/** kubectl in the browser. */
async function drawWebShell(page: Page): Promise<void> {
  await open(page, "/access/shell");
  await page.getByRole("button", { name: "demo" }).first().click();
  await page.waitForTimeout(4_000);
  for (const line of [
    "kubectl get pods | grep postgres",
    "kubectl get deployments",
    "kubectl top pods | head -n 5",
  ])
    await type(page, line);
  await draw(page, "web-shell");
  await type(page, "exit");
}

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line, { delay: 60 });
  await page.keyboard.press("Enter");
  await page.waitForTimeout(2_500);
}

/** Yesterday's working hours, and one change of a deployment beside them; in both themes. */
async function drawRequestAudit(page: Page): Promise<void> {
  const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const range = { from: `${day}T06:00:00Z`, to: `${day}T18:00:00Z` };
  const filter = 'verb = "patch" AND resource = "deployments" AND result = "success"';
  const query = new URLSearchParams({ ...range, filter, limit: "1" });
  const answer = await page.request.get(`/api/v1/request-audit?${query}`);
  const [call] = ((await answer.json()) as { entries: { no: number }[] }).entries;
  if (!call)
    throw new Error(`no call fits ${filter} on ${day}: fill the database by scripts/seed-history.ts`);
  await open(page, `/audit/kubernetes/request-audit/${call.no}?${new URLSearchParams(range)}`);
  await draw(page, "request-audit");
  await page.emulateMedia({ colorScheme: "dark" });
  await draw(page, "request-audit-dark");
  await page.emulateMedia({ colorScheme: "light" });
}

async function drawFilterBuilder(page: Page): Promise<void> {
  const filter = 'result = "failure" AND (verb IN ("delete", "deletecollection") OR resource = "secrets")';
  await open(
    page,
    `/audit/kubernetes/request-audit?${new URLSearchParams({ from: "today-6d", to: "today", filter })}`,
  );
  await page.getByRole("button", { name: "Builder" }).click();
  await page.getByRole("group", { name: "Filter builder" }).waitFor();
  await draw(page, "filter-builder");
}

/** A change of a cluster, before and after. */
async function drawEventDetail(page: Page): Promise<void> {
  const filter = 'entityType = "Cluster" AND action = "Update"';
  const query = new URLSearchParams({ from: "today-29d", to: "today", filter, limit: "1" });
  const answer = await page.request.get(`/api/v1/event-history?${query}`);
  const [event] = ((await answer.json()) as { entries: { no: number }[] }).entries;
  if (!event) throw new Error(`no event fits ${filter}: fill the database by scripts/seed-history.ts`);
  const shown = "sourceType = User AND entityType IN (AccessGrant, Cluster, Settings, Group, User, ApiKey)";
  await open(page, `/audit/event-history/${event.no}?${new URLSearchParams({ filter: shown })}`);
  await draw(page, "event-detail");
}

/** A session in which something is searched, at the moment of the third hit; in both themes. */
async function drawRecording(page: Page): Promise<void> {
  const filter = 'kind = "exec" AND commands > 8 AND result = "success" AND output : "acquire timeout"';
  const query = new URLSearchParams({ from: "today-13d", to: "today", filter, limit: "1" });
  const answer = await page.request.get(`/api/v1/recordings?${query}`);
  const [recording] = ((await answer.json()) as { entries: { recordingId: string }[] }).entries;
  if (!recording)
    throw new Error(
      `no recording fits ${filter}: fill the database by scripts/seed-history.ts, and wait until they are prepared`,
    );
  await open(page, `/audit/kubernetes/recordings/${recording.recordingId}?q=timeout`);
  await page.getByText(/^1 of \d/).waitFor();
  const next = page.getByRole("button", { name: "Next match" });
  for (const hit of ["2 of", "3 of"]) {
    await next.click();
    await page.getByText(hit).waitFor();
  }
  await draw(page, "recording");
  await page.emulateMedia({ colorScheme: "dark" });
  await draw(page, "recording-dark");
  await page.emulateMedia({ colorScheme: "light" });
}

/** Why somebody may not do something, and the document of a role. */
async function drawPolicy(page: Page): Promise<void> {
  const asked = { subject: "alice@acme.example", verb: "delete", resource: "pods", cluster: "demo" };
  await open(page, `/access/simulator?${new URLSearchParams({ ...asked, namespace: "kube-system" })}`);
  await draw(page, "simulator");
  await open(page, "/access/roles?role=developer");
  const role = await page.getByRole("link", { name: "Open" }).getAttribute("href");
  await open(page, `${role}?view=yaml`);
  await draw(page, "role");
}

/** The agents of clusters that nothing can dial, and one of them. */
async function drawAgents(page: Page): Promise<void> {
  await open(page, "/infrastructure/agents");
  await page.getByText("rack-a").first().click();
  await page.getByText("Connections now").waitFor();
  await draw(page, "agents");
}

/** Streams: one that does well, one whose receiver does not answer, one that is paused. They are there for the picture alone. */
async function drawStreams(page: Page): Promise<void> {
  const ask = async (method: "POST" | "DELETE", path: string, data?: object) => {
    const answer = await page.request.fetch(`/api/v1/streams${path}`, {
      method,
      data,
      headers: { Origin: values.url },
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? null : ((await answer.json()) as { id: string });
  };
  const surfaces = { requests: {}, events: {} };
  const start = { from: "time", time: new Date(Date.now() - DAY_MS).toISOString() };
  const url = "https://siem.acme.example/kubewitness";
  const made = [
    { name: "archive", kind: "file", format: "ocsf", surfaces, start },
    { name: "siem", kind: "webhook", settings: { url }, surfaces, start },
    {
      name: "secrets to the SOC",
      kind: "syslog",
      settings: { host: "syslog.acme.example" },
      surfaces: { requests: { filter: 'resource = "secrets"' } },
    },
  ];
  const ids: string[] = [];
  try {
    for (const each of made) ids.push((await ask("POST", "", each))!.id);
    await ask("POST", `/${ids[2]}/pause`);
    await page.waitForTimeout(6_000);
    await open(page, `/administration/streams?open=${ids[1]}`);
    await draw(page, "streams");
  } finally {
    for (const id of ids) await ask("DELETE", `/${id}`);
  }
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: "networkidle" });
}

async function draw(page: Page, name: string): Promise<void> {
  // What moves comes to rest, and what is asked for late has come.
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: path.join(projectRoot, "docs/images", `${name}.png`) });
}
