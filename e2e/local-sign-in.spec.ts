import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { createPool } from "../lib/db/pool.ts";
import { generateRecordings } from "../test/history/generate-recordings.ts";
import { createRandom } from "../test/history/random.ts";
import { screenOf } from "../test/history/screens.ts";
import { storeSession } from "../test/history/store-session.ts";
import { appCode } from "../test/local-people.ts";
import { type DemoInstallation, startDemoInstallation } from "./setup/demo-installation.ts";
import { expectNoViolations } from "./support/accessibility.ts";
import { databaseUrlOf } from "./support/own-database.ts";

// An installation of its own: a real one without an identity provider, which was told that its first visitor may become its administrator.
const ADMINISTRATOR = {
  email: "first@acme.example",
  name: "First Visitor",
  password: "a phrase of five plain words",
};
const PHONE = { width: 390, height: 844 };

let installation: DemoInstallation;
let context: BrowserContext;
let page: Page;
/** Of the authenticator app. */
let secret: string;

test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  installation = await startDemoInstallation({
    KUBEWITNESS_DEMO: "false",
    KUBEWITNESS_LOCAL_FIRST_VISIT: "true",
    KUBEWITNESS_SECOND_FACTOR_REQUIRED_FOR: "recordings",
  });
  context = await browser.newContext({ baseURL: installation.url });
  page = await context.newPage();
  await addAuthenticator(page);
});
test.afterAll(async () => {
  await context?.close();
  await installation?.stop();
});

/** A device that has passkeys and knows its holder. */
async function addAuthenticator(of: Page): Promise<void> {
  const devtools = await of.context().newCDPSession(of);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

const heading = (name: string) => page.getByRole("heading", { level: 1, name });
const account = () => page.getByRole("button", { name: `Account: ${ADMINISTRATOR.name}` });

async function signOut(): Promise<void> {
  await account().click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(heading("Sign in")).toBeVisible();
  // The server has drawn the form; what is done with it before the page's scripts are there is lost.
  await page.waitForLoadState();
}

/** Opens the address with a one-time code; the page takes the code out of it once its scripts run. */
async function openSetUp(of: Page, url: string): Promise<void> {
  await of.goto(url);
  await expect(of.getByLabel("One-time code")).not.toHaveValue("");
}

/** The pause between two codes, or the second factor of an hour ago, without the waiting. */
async function ask(sql: string): Promise<void> {
  const pool = createPool(databaseUrlOf(installation.data), { applicationName: "kubewitness e2e" });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}

test("the first visitor becomes an administrator with the one-time code of the log", async () => {
  await page.goto("/");
  await expect(heading("Sign in")).toBeVisible();
  await expect(page.getByText("Nobody can sign in here yet.")).toBeVisible();
  // It serves before it has written the address, which may come in pieces.
  const address = () =>
    /(http:\/\/localhost:\d+\/signin\/set-up#[0-9a-z-]+)"/.exec(installation.output())?.[1];
  await expect.poll(address).toBeDefined();
  const url = address()!;
  await openSetUp(page, url);
  await expect(page).not.toHaveURL(/#/);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Email").fill(ADMINISTRATOR.email);
  await page.getByLabel("Name").fill(ADMINISTRATOR.name);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Password").fill(ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  await expectNoViolations(page);
  secret = (await page.locator("dd .mono").first().innerText()).replaceAll(/\s/g, "");
  await page.getByLabel("Code of the app").fill(appCode(secret));
  await page.getByRole("button", { name: "Finish" }).click();
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  await page.getByRole("link", { name: "Go on to the console" }).click();
  await expect(account()).toBeVisible();
  // The code is used up.
  await openSetUp(page, url);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("This code is not right, was used, or has expired.")).toBeVisible();
});

test("password and code sign in; a wrong one is told in one sentence, whichever it is", async () => {
  await page.goto("/access/security");
  await signOut();
  await expectNoViolations(page);
  const signIn = async (email: string, code: string) => {
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(ADMINISTRATOR.password);
    await page.getByLabel("Code").fill(code);
    await page.keyboard.press("Enter");
  };
  const refused = page.getByText(
    "The e-mail address, the password or the code is not right, or was used already.",
  );
  for (const email of ["nobody@acme.example", ADMINISTRATOR.email]) {
    await signIn(email, "000000");
    await expect(refused).toBeVisible();
    await page.reload();
  }
  await ask("update authenticator_apps set last_step = 0");
  await signIn(ADMINISTRATOR.email, appCode(secret));
  await expect(account()).toBeVisible();
});

test("a passkey is added on My security, and signs in", async () => {
  await page.goto("/access/security");
  await expect(heading("My security")).toBeVisible();
  await page.getByRole("button", { name: "Add passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add passkey" });
  await dialog.getByLabel("Name").fill("the test's key");
  await dialog.getByRole("button", { name: "Add passkey" }).click();
  await expect(page.getByRole("row", { name: /the test's key/ })).toContainText("Never");
  await expectNoViolations(page);
  await signOut();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(account()).toBeVisible();
  await page.setViewportSize(PHONE);
  await page.goto("/access/security");
  await expect(page.getByText("the test's key")).toBeVisible();
  await expectNoViolations(page);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("playing a recording asks for a second factor, and goes on once it is shown", async () => {
  const to = Date.now() - 600_000;
  const [recording] = [...generateRecordings({ count: 1, from: to - 600_000, to })];
  const pool = createPool(databaseUrlOf(installation.data), { applicationName: "kubewitness e2e" });
  try {
    await storeSession(pool, recording!, screenOf(createRandom(1), recording!));
    await pool.query(
      "update sessions set second_factor_at = null; update authenticator_apps set last_step = 0",
    );
  } finally {
    await pool.end();
  }
  const address = `/audit/kubernetes/recordings/${recording!.recordingId}`;
  const dialog = page.getByRole("dialog", { name: "Show your second factor" });
  await page.goto(address);
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Code").fill("000000");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("The code is not right, or was used already.")).toBeVisible();
  await expectNoViolations(page);
  await dialog.getByLabel("Code").fill(appCode(secret));
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  // A busy machine takes its time to prepare a recording.
  await expect(page.getByRole("region", { name: "Player" })).toBeVisible({ timeout: 60_000 });
  // With a passkey the same.
  await ask("update sessions set second_factor_at = null");
  await page.reload();
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Player" })).toBeVisible();
  const filter = encodeURIComponent('entityType = "Mfa" AND status = "Failed"');
  const events = await page.request.get(`/api/v1/event-history?from=now-1h&to=now&filter=${filter}`);
  expect((await events.json()).entries[0]).toMatchObject({ email: ADMINISTRATOR.email, status: "Failed" });
});

test("an administrator adds a local person, who sets up, and is removed", async ({ browser }) => {
  await page.goto("/administration/users");
  await page.getByRole("button", { name: "Add local person" }).click();
  const dialog = page.getByRole("dialog", { name: "Add local person" });
  await dialog.getByLabel("Email").fill("second@acme.example");
  await dialog.getByLabel("Name").fill("Second Person");
  await dialog.getByRole("button", { name: "Add person" }).click();
  const shown = page.getByRole("dialog", { name: "One-time code for second@acme.example" });
  const url = await shown.locator("dd .mono").first().innerText();
  await shown.getByRole("button", { name: "Done" }).click();
  const theirs = await browser.newPage();
  await openSetUp(theirs, url);
  await theirs.getByRole("button", { name: "Continue" }).click();
  await theirs.getByLabel("Password").fill(ADMINISTRATOR.password);
  await theirs.getByRole("button", { name: "Continue" }).click();
  const own = (await theirs.locator("dd .mono").first().innerText()).replaceAll(/\s/g, "");
  await theirs.getByLabel("Code of the app").fill(appCode(own));
  await theirs.getByRole("button", { name: "Finish" }).click();
  await theirs.getByRole("link", { name: "Go on to the console" }).click();
  await expect(theirs.getByRole("button", { name: "Account: Second Person" })).toBeVisible();
  await page.reload();
  const actions = (name: string) => page.getByRole("button", { name: `Actions for ${name}` });
  await expect(actions("Second Person")).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(ADMINISTRATOR.email) })).toBeVisible();
  await expect(actions(ADMINISTRATOR.name)).toHaveCount(0);
  await actions("Second Person").click();
  await page.getByRole("menuitem", { name: "Remove", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: /second@acme\.example/ })).toBeHidden();
  await expect
    .poll(async () => (await theirs.request.get(`${installation.url}/api/v1/me`)).status())
    .toBe(401);
  await theirs.close();
});

test("a command on the machine makes an administrator while the installation serves", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(
    process.execPath,
    ["scripts/start.ts", "--create-administrator", "root@acme.example"],
    {
      cwd: path.join(import.meta.dirname, ".."),
      env: {
        ...process.env,
        KUBEWITNESS_DATA: installation.data,
        KUBEWITNESS_DEMO: "false",
        KUBEWITNESS_LOCAL_FIRST_VISIT: "true",
        KUBEWITNESS_PUBLIC_URL: installation.url,
        DATABASE_URL: undefined,
      },
    },
  );
  const url = /http\S+#[0-9a-z-]+/.exec(stdout)?.[0];
  await openSetUp(page, url!);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("root@acme.example").first()).toBeVisible();
});
