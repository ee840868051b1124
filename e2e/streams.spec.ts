import type { Locator, Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import {
  type ReceiverCertificates,
  receiverCertificates,
} from "../lib/streams/destinations/testing/certificates.ts";
import {
  type GivenAnswer,
  startReceiver,
  type TestReceiver,
} from "../lib/streams/destinations/testing/http-receiver.ts";
import { expectNoViolations } from "./support/accessibility.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

/** What a receiver has taken, and only once it has checked the signature. */
interface Receiver extends TestReceiver {
  secret: string;
  taken: { no: number; resourceName: string | null }[];
  /** Null: records are taken. */
  refuses: ((body: string) => GivenAnswer | null) | null;
}

const SOON = { timeout: 30_000 };
const name = ownName("stream");
const called = (number: number) => `${name}-call-${number}-end`;
const call = (number: number) => kubectl(["-n", "payments", "get", "configmap", called(number)]);
let certificates: ReceiverCertificates;
let receiver: Receiver;

test.describe.configure({ mode: "serial", timeout: 180_000 });
test.beforeAll(async () => {
  certificates = await receiverCertificates();
  const started = await startReceiver(undefined, certificates);
  receiver = Object.assign(started, { secret: "", taken: [], refuses: null });
  receiver.answer = ({ headers, body }) => {
    const text = body.toString();
    const refusal = receiver.refuses?.(text);
    if (refusal) return refusal;
    // The test record comes before the secret is made.
    if (receiver.secret === "") return { status: 204 };
    try {
      const records = new Webhook(receiver.secret).verify(text, headers as Record<string, string>);
      receiver.taken.push(...(records as Receiver["taken"]));
    } catch (error) {
      return { status: 401, body: (error as Error).message };
    }
    return { status: 204 };
  };
});
test.afterAll(() => receiver?.close());

const numbersTaken = () =>
  receiver.taken.map(({ resourceName }) => Number(resourceName?.match(/call-(\d+)-end/)?.[1]));
const drawer = (page: Page) => page.getByRole("complementary", { name: "Stream" });
const action = (page: Page, verb: string) => drawer(page).getByRole("button", { name: verb });

async function openStream(page: Page): Promise<Locator> {
  await page.goto(`/administration/streams?search=${name}`);
  await page.locator("tbody tr", { hasText: name }).click();
  await expect(drawer(page).getByRole("heading", { name })).toBeVisible();
  return drawer(page);
}

test("a stream is tried and added in the browser; calls arrive signed, in order", async ({
  adminPage: page,
}) => {
  await page.goto("/administration/streams");
  await expect(page.getByRole("main")).toContainText("The record stays here");
  await page.getByRole("button", { name: "Add stream" }).first().click();
  const form = page.getByRole("dialog", { name: "Add stream" });
  await form.getByRole("button", { name: "Add stream" }).click();
  await expect(form.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(form).toContainText("Give it a name.");

  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByRole("radio", { name: /^Webhook/ }).check({ force: true });
  await form.getByLabel("Address", { exact: true }).fill("ftp://nowhere");
  await form.getByRole("button", { name: "Send a test record" }).click();
  await expect(form.getByLabel("Address", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await form.getByLabel("Address", { exact: true }).fill(`${receiver.url}/records`);
  await form.getByText("More of the connection").click();
  await form.getByLabel("Certificate authority", { exact: true }).fill(certificates.ca);
  await form.getByText("An example of Request Audit").click();
  await expect(form.getByRole("region", { name: "Example record" })).toContainText('"surface": "requests"');
  await form.getByRole("checkbox", { name: "Event History" }).click();
  const filter = form.getByRole("combobox", { name: "Filter expression" });
  await filter.fill("resourceNam");
  await expect(page.getByRole("option", { name: /^resourceName/ })).toBeVisible();
  await filter.fill(`resourceName : "${name}"`);
  await expectNoViolations(page);

  receiver.refuses = () => ({ status: 503, body: "closed for the night" });
  await form.getByRole("button", { name: "Send a test record" }).click();
  await expect(form).toContainText(
    "It was not taken: it answered 503 (Service Unavailable): closed for the night",
  );
  receiver.refuses = null;
  await form.getByRole("button", { name: "Send a test record" }).click();
  await expect(form).toContainText("The test record was taken.");

  await form.getByRole("button", { name: "Add stream" }).click();
  const shown = page.getByRole("dialog", { name: `Secrets of ${name}` });
  receiver.secret = (await shown.locator("dd .select-all").textContent()) ?? "";
  expect(receiver.secret).toMatch(/^whsec_/);
  await shown.getByRole("button", { name: "Done" }).click();

  for (const number of [1, 2, 3, 4, 5]) await call(number);
  await expect.poll(numbersTaken, SOON).toEqual([1, 2, 3, 4, 5]);
  const numbers = receiver.taken.map(({ no }) => no);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  const opened = await openStream(page);
  await expect(opened).toContainText("Running");
  await expect(opened).toContainText("Up to date");
  await expectNoViolations(page);
});

test("the page says that a receiver is away, and what it said; what waited comes when it is back", async ({
  adminPage: page,
}) => {
  const opened = await openStream(page);
  receiver.refuses = () => ({ status: 503, body: "closed for the night" });
  await call(6);
  await expect(opened).toContainText("Waiting after an error", SOON);
  await expect(opened).toContainText("it answered 503 (Service Unavailable): closed for the night");
  receiver.refuses = null;
  await expect.poll(numbersTaken, SOON).toEqual([1, 2, 3, 4, 5, 6]);
  await expect(opened).toContainText("Running", SOON);
});

test("a record that is refused for good is seen among the dead letters, and sent again from there", async ({
  adminPage: page,
}) => {
  const opened = await openStream(page);
  receiver.refuses = (body) => (body.includes(called(7)) ? { status: 422, body: "no sevens" } : null);
  await call(7);
  await call(8);
  await expect.poll(numbersTaken, SOON).toEqual([1, 2, 3, 4, 5, 6, 8]);
  await opened.getByRole("tab", { name: /^Dead letters \(1\)/ }).click();
  const letter = opened.getByRole("list", { name: "Dead letters" }).getByRole("listitem");
  await expect(letter).toContainText("no sevens");
  await letter.getByText("The record").click();
  await expect(letter.getByRole("region", { name: /^Record of Request Audit/ })).toContainText(called(7));
  await expectNoViolations(page);
  receiver.refuses = null;
  await opened.getByRole("button", { name: "Send all again" }).click();
  await expect.poll(numbersTaken, SOON).toEqual([1, 2, 3, 4, 5, 6, 8, 7]);
  await expect(opened.getByRole("tab", { name: "Dead letters", exact: true })).toBeVisible(SOON);
});

test("a stream that is paused sends nothing until it is resumed; a range is sent again; it is removed by its name", async ({
  adminPage: page,
}) => {
  const opened = await openStream(page);
  await action(page, "Pause…").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Pause" }).click();
  await expect(opened).toContainText("Paused");
  const before = numbersTaken();
  await call(9);
  await expect(opened).toContainText(/[1-9]\d* records?/, SOON);
  expect(numbersTaken()).toEqual(before);
  await action(page, "Resume").click();
  await expect.poll(numbersTaken, SOON).toEqual([...before, 9]);

  await action(page, "Send a range again…").click();
  const form = page.getByRole("dialog", { name: `Send a range of ${name} again` });
  const first = receiver.taken[0]!.no;
  await form.getByLabel("From No").fill(String(first));
  await form.getByLabel("To No").fill(String(receiver.taken[1]!.no));
  await expect(form.getByRole("status")).toContainText("2 records would be sent again");
  await form.getByRole("button", { name: "Send again" }).click();
  await expect.poll(numbersTaken, SOON).toEqual([...before, 9, 1, 2]);

  await action(page, `Actions for ${name}`).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText("0 dead letters are removed");
  await confirm.getByRole("textbox").fill(name);
  await confirm.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Stream removed")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("Running");
});
