import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/accessibility.ts";
import { CLUSTER } from "./support/cluster.ts";
import { callConsole } from "./support/console-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { preparedRecording, recordingPath, screenOf, startRecorded } from "./support/session-recordings.ts";
import { TERMINAL_SIZE } from "./support/terminal.ts";
import { expect, test } from "./support/test.ts";

const POD = ["-n", CLUSTER.namespace, "exec", "-it", CLUSTER.pod.name, "-c", CLUSTER.pod.container, "--"];

const position = (page: Page) => page.getByRole("slider", { name: "Position" });
const secondsOf = async (page: Page) => Number(await position(page).getAttribute("aria-valuenow"));
const search = (page: Page) => page.getByRole("textbox", { name: "Search the text of this session" });
const commands = (page: Page) => page.getByRole("region", { name: "Commands" });
const player = (page: Page) => page.getByRole("region", { name: "Player" });

/** What the marks of a search cover on the screen. */
const marked = (page: Page, name: string) =>
  page.evaluate((highlight) => [...(CSS.highlights.get(highlight) ?? [])].map(String), name);

let recordingId: string;

test.beforeAll(async ({ browser, cookiesOf }) => {
  test.setTimeout(180_000);
  const context = await browser.newContext({ storageState: await cookiesOf("auditor") });
  const page = await context.newPage();
  const session = await startRecorded(page, [...POD, "sh"]);
  const { terminal } = session;
  recordingId = session.recordingId;
  const enter = async (line: string, answer: RegExp) => {
    terminal.write(`${line}\r`);
    await terminal.untilOutput(answer);
  };
  await terminal.untilOutput(/\/ # /);
  await enter("echo first is apricot", /\nfirst is apricot\r\n/);
  await enter("sleep 4; echo then comes blackberry", /\nthen comes blackberry\r\n/);
  await enter("seq 1 200", /\n200\r\n/);
  await enter("echo password=hunter2000 is typed", /\npassword=hunter2000 is typed\r\n/);
  terminal.write("exit 3\r");
  expect(await terminal.ended()).toBe(3);
  await preparedRecording(page, recordingId);
  await context.close();
});

test("is played: its facts, its first screen, and on to its end", async ({ auditorPage: page }) => {
  await page.goto(recordingPath(recordingId));
  const facts = page.locator(".recording-facts");
  await expect(facts).toContainText(`${CLUSTER.namespace}/${CLUSTER.pod.name}`);
  for (const fact of [CLUSTER.pod.container, CLUSTER.name, "Alice Moreau", "kubectl/", "Exit code 3"]) {
    await expect(facts).toContainText(fact);
  }
  await expect(player(page)).toContainText(`TTY ${TERMINAL_SIZE.cols} × ${TERMINAL_SIZE.rows}`);
  await expect(page.getByText(/^Intact: \d+ pieces?$/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Playback is itself recorded" })).toBeVisible();
  await page.getByLabel("Speed").click();
  await page.getByRole("option", { name: "16×" }).click();
  await player(page).getByRole("button", { name: "Play" }).first().click();
  await expect(screenOf(page)).toContainText("hunter2000 is typed", { timeout: 30_000 });
  // At its end it stands still, and can be played again.
  await expect(player(page).getByRole("button", { name: "Play", exact: true })).toBeVisible();
});

test("a word is searched, and its moment shown with the word marked", async ({ auditorPage: page }) => {
  await page.goto(recordingPath(recordingId));
  await expect(position(page)).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("blackberry");
  await expect(player(page).getByRole("status").first()).toHaveText(/match/);
  await page.keyboard.press("Enter");
  await expect(player(page).getByRole("status").first()).toHaveText(/^1 of \d/);
  await expect(screenOf(page)).toContainText("blackberry");
  await expect.poll(() => marked(page, "recording-match-current")).toEqual(["blackberry"]);
  // The last hit is the line that was shown, four seconds after it was typed.
  await page.keyboard.press("Shift+Enter");
  await expect(screenOf(page)).toContainText("echo then comes blackberrythen comes blackberry");
  await page.keyboard.press("Escape");
  await expect(search(page)).toHaveValue("");
  await expect.poll(() => marked(page, "recording-match-current")).toEqual([]);
});

test("a link leads to its moment, and the moment can be copied as a link", async ({ auditorPage: page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${recordingPath(recordingId)}?t=3`);
  await expect(position(page)).toHaveAttribute("aria-valuenow", "3");
  await page.getByRole("button", { name: "Copy link at 00:03" }).click();
  const copied = async () => {
    const link = await page.evaluate(() => navigator.clipboard.readText());
    return link.replace(/^http:\/\/[^/]+/, "");
  };
  await expect.poll(copied).toBe(`${recordingPath(recordingId)}?t=3`);
});

test("keys: command by command, ten seconds, to both ends, speed, and all of them told", async ({
  auditorPage: page,
}) => {
  await page.goto(recordingPath(recordingId));
  await expect(commands(page).getByRole("button").first()).toBeVisible();
  // Played without its idle seconds, it would be over before one has looked whether it plays.
  await player(page).getByRole("button", { name: "Skip idle" }).click();
  const current = commands(page).locator("[aria-current]");
  await page.keyboard.press("n");
  await expect(current).toContainText("echo first is apricot");
  await page.keyboard.press("n");
  await expect(current).toContainText("blackberry");
  await page.keyboard.press("p");
  await expect(current).toContainText("apricot");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => secondsOf(page)).toBeGreaterThan(3);
  await position(page).press("Home");
  await expect(position(page)).toHaveAttribute("aria-valuenow", "0");
  await position(page).press("End");
  await expect(screenOf(page)).toContainText("hunter2000 is typed");
  await page.keyboard.press(">");
  await expect(page.getByLabel("Speed")).toHaveText("2×");
  for (const key of ["<", "<"]) await page.keyboard.press(key);
  await expect(page.getByLabel("Speed")).toHaveText("0.5×");
  await page.keyboard.press("Space");
  await expect(player(page).getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Space");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("10 s back, on");
});

test("the timeline is clicked and dragged; a command is clicked", async ({ auditorPage: page }) => {
  await page.goto(recordingPath(recordingId));
  const box = (await page.locator(".timeline-bars").boundingBox())!;
  await page.mouse.click(box.x + box.width - 1, box.y + box.height / 2);
  await expect(screenOf(page)).toContainText("hunter2000 is typed");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 1, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(position(page)).toHaveAttribute("aria-valuenow", "0");
  await expect(screenOf(page)).not.toContainText("apricot");
  await commands(page).getByRole("button", { name: "echo first is apricot" }).click();
  await expect(screenOf(page)).toContainText("echo first is apricot");
});

test("a secret in a command is masked in the list, and stands on the screen", async ({
  auditorPage: page,
}) => {
  await page.goto(`${recordingPath(recordingId)}?t=999999`);
  await expect(commands(page)).toContainText("redacted");
  await expect(commands(page)).not.toContainText("hunter2000");
  await expect(screenOf(page)).toContainText("hunter2000");
});

test("text is selected and copied", async ({ auditorPage: page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${recordingPath(recordingId)}?t=999999`);
  const line = screenOf(page).locator("> div", { hasText: /^password=hunter2000 is typed/ });
  const row = (await line.boundingBox())!;
  await page.mouse.dblclick(row.x + 3, row.y + row.height / 2);
  await page.keyboard.press("ControlOrMeta+c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^password/);
});

test("is downloaded as asciicast and as text, and each is an event", async ({ auditorPage: page }) => {
  await page.goto(recordingPath(recordingId));
  // What is opened while it is loaded closes when the player comes.
  await expect(page.getByRole("slider", { name: "Position" })).toBeVisible();
  const download = async (name: string) => {
    await page.getByRole("button", { name: "Download" }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name }).click(),
    ]);
    return readFile(await file.path(), "utf8");
  };
  const [header, ...events] = (await download("asciicast v3")).trimEnd().split("\n");
  expect(JSON.parse(header!)).toMatchObject({ version: 3 });
  expect(events.join("")).toContain("apricot");
  expect(await download("Plain text")).toContain("then comes blackberry");
  const filter = `entityId = "${recordingId}"`;
  const operations = async () => {
    const query = new URLSearchParams({ filter, limit: "50" });
    const { entries } = await callConsole<{ entries: { operation: string }[] }>(
      page,
      "GET",
      `/api/v1/event-history?${query}`,
    );
    return entries.map(({ operation }) => operation);
  };
  await expect.poll(operations).toEqual(expect.arrayContaining(["Playback", "Export"]));
});

test("calls of the same person stand beside it and lead to Request Audit", async ({ auditorPage: page }) => {
  await page.goto(recordingPath(recordingId));
  const calls = page.getByRole("region", { name: "API calls" });
  await expect(calls).toContainText("pods/exec");
  await calls.getByRole("link", { name: /pods\/exec.*its start/ }).click();
  await expect(page.getByRole("complementary", { name: /^Call / })).toContainText(CLUSTER.pod.name);
});

test("somebody who may not play is told who may", async ({ alicePage: page }) => {
  await page.goto(recordingPath(recordingId));
  await expect(page.getByRole("heading", { name: "This page is not for you" })).toBeVisible();
});

test("a recording that there is not", async ({ auditorPage: page }) => {
  await page.goto(recordingPath("0193f000-0000-7000-8000-000000000000"));
  await expect(page.getByRole("heading", { name: "There is no such recording" })).toBeVisible();
});

test("without a terminal, stdout and stderr are told apart", async ({ auditorPage: page }) => {
  const args = ["-n", CLUSTER.namespace, "exec", CLUSTER.pod.name, "-c", CLUSTER.pod.container, "--"];
  await kubectl([...args, "sh", "-c", "echo to the one; echo to the other >&2; exit 0"]);
  const list = () =>
    callConsole<{ entries: { recordingId: string; tty: string; commandLine: string }[] }>(
      page,
      "GET",
      "/api/v1/recordings?limit=20",
    );
  const wanted = async () =>
    (await list()).entries.find((entry) => entry.commandLine?.includes("to the other"));
  await expect.poll(wanted).toBeDefined();
  const { recordingId: id } = (await wanted())!;
  await preparedRecording(page, id);
  await page.goto(`${recordingPath(id)}?t=999`);
  await expect(page.locator(".stream-line.is-stdout")).toHaveText(/stdoutto the one$/);
  await expect(page.locator(".stream-line.is-stderr")).toHaveText(/stderrto the other$/);
  await expectNoViolations(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });
    test("keeps WCAG 2.2 AA", async ({ auditorPage: page }) => {
      await page.goto(`${recordingPath(recordingId)}?t=999999&q=blackberry`);
      await expect(screenOf(page)).toContainText("hunter2000");
      await expectNoViolations(page);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test("the lists stand below the player, and nothing scrolls sideways", async ({ auditorPage: page }) => {
    await page.goto(`${recordingPath(recordingId)}?t=999999`);
    await expect(screenOf(page)).toContainText("hunter2000");
    await expectNoViolations(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

test("a colleague's session is watched as it runs, and ended with a reason that her terminal shows", async ({
  auditorPage: page,
}) => {
  test.setTimeout(180_000);
  const { terminal, recordingId: id } = await startRecorded(page, [...POD, "sh"]);
  await terminal.untilOutput(/\/ # /);
  terminal.write("echo before anybody watched\r");
  await terminal.untilOutput(/\nbefore anybody watched\r\n/);
  await page.goto("/audit/kubernetes/recordings");
  const strip = page.getByRole("region", { name: /^Running now/ });
  await expect(strip).toContainText("Alice Moreau");
  await expect(strip).toContainText(CLUSTER.pod.name);
  await expect(page.getByRole("link", { name: /^Pod sessions.*\d live$/ })).toBeVisible();
  await expectNoViolations(page);
  await strip.locator(`a[href$="${id}"]`).click();
  await expect(player(page).or(page.getByRole("region", { name: "Running session" }))).toContainText("Live");
  await expect(screenOf(page)).toContainText("before anybody watched");
  terminal.write("echo while somebody watches\r");
  await expect(screenOf(page)).toContainText(/while somebody watches\s*\/ #/);
  await expectNoViolations(page);

  await page.getByRole("button", { name: "End session…" }).click();
  const dialog = page.getByRole("alertdialog", { name: "End the session of Alice Moreau?" });
  await expect(dialog).toContainText(`${CLUSTER.namespace}/${CLUSTER.pod.name}`);
  await dialog.getByRole("button", { name: "End session" }).click();
  await expect(dialog.getByRole("alert")).toContainText("reason");
  await expectNoViolations(page);
  await dialog.getByLabel("Reason").fill("a change without a ticket");
  await dialog.getByRole("button", { name: "End session" }).click();
  await terminal.untilOutput(/a change without a ticket/);
  await terminal.ended();
  // What was watched is played, on the same page.
  await expect(position(page)).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(".recording-facts")).toContainText("Terminated");
  await expect(page.locator(".recording-facts")).toContainText("a change without a ticket");
  await position(page).press("End");
  await expect(screenOf(page)).toContainText("while somebody watches");
});
