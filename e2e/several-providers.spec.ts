import { expect, type Page, test } from "@playwright/test";
import {
  type SandboxAccount,
  type SandboxIdentityProvider,
  startSandboxIdentityProvider,
} from "kubewitness-sandbox/oidc";
import { freePort } from "../test/free-ports.ts";
import { type DemoInstallation, startDemoInstallation } from "./setup/demo-installation.ts";

// An installation of its own: a real one, with two identity providers that vouch for one address each, and for a group of one name.
const CLIENT = { clientId: "kubewitness", clientSecret: "a secret of the test's, long enough" };
const STAFF = { id: "oidc", name: "Example staff" };
const PARTNER = { id: "partner", name: "Partner Ltd" };
const ADDRESS = "ann@acme.example";

let installation: DemoInstallation;
let staff: SandboxIdentityProvider;
let partner: SandboxIdentityProvider;

const ann = (name: string): SandboxAccount => ({
  id: "ann",
  name,
  email: ADDRESS,
  title: "",
  groups: ["admins"],
});

async function startProvider({ id }: { id: string }, url: string, account: SandboxAccount) {
  const redirectUris = [`${url}/api/auth/callback/${id}`];
  const clients = [{ ...CLIENT, redirectUris }];
  return startSandboxIdentityProvider({ host: "127.0.0.1", port: 0, clients, accounts: [account] });
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  staff = await startProvider(STAFF, url, ann("Ann of the staff"));
  partner = await startProvider(PARTNER, url, ann("Ann of the partner"));
  installation = await startDemoInstallation({
    KUBEWITNESS_DEMO: "false",
    KUBEWITNESS_PORT: String(port),
    OIDC_NAME: STAFF.name,
    OIDC_ISSUER: staff.issuer,
    OIDC_CLIENT_ID: CLIENT.clientId,
    OIDC_CLIENT_SECRET: CLIENT.clientSecret,
    OIDC_ADMINISTRATOR_GROUPS: "admins",
    KUBEWITNESS_PROVIDERS: JSON.stringify([{ ...PARTNER, kind: "oidc", issuer: partner.issuer, ...CLIENT }]),
  });
});
test.afterAll(async () => {
  await installation?.stop();
  await Promise.all([staff?.close(), partner?.close()]);
});

const button = (page: Page, { name }: { name: string }) =>
  page.getByRole("button", { name: `Continue with ${name}` });
const openSignIn = (page: Page) => page.goto(`${installation.url}/signin`);

async function signIn(
  page: Page,
  provider: { name: string },
  person: string,
): Promise<Record<string, unknown>> {
  await openSignIn(page);
  await button(page, provider).click();
  await page.getByRole("button", { name: person }).click();
  await page.waitForURL((url) => url.origin === installation.url && url.pathname !== "/signin");
  return (await page.request.get(`${installation.url}/api/v1/me`)).json();
}

test("people of two identity providers sign in, and the same address is two people with groups of their own", async ({
  browser,
}) => {
  const [one, other] = await Promise.all([browser.newPage(), browser.newPage()]);
  await openSignIn(one);
  await expect(one.getByRole("button", { name: /^Continue with/ })).toHaveText([
    `Continue with ${STAFF.name}`,
    `Continue with ${PARTNER.name}`,
  ]);
  const ofStaff = await signIn(one, STAFF, "Ann of the staff");
  const ofPartner = await signIn(other, PARTNER, "Ann of the partner");
  expect(ofStaff).toMatchObject({ email: ADDRESS, groups: ["admins"], consoleRole: "administrator" });
  expect(ofPartner).toMatchObject({ email: ADDRESS, groups: ["admins"], consoleRole: "user" });
  expect(ofPartner.id).not.toBe(ofStaff.id);

  const { users } = await (await one.request.get(`${installation.url}/api/v1/users`)).json();
  expect(users.map((user: { provider: string }) => user.provider).sort()).toEqual([STAFF.id, PARTNER.id]);
  // Who administers them can tell them apart.
  await one.goto(`${installation.url}/administration/users`);
  for (const [name, { id }] of [
    ["Ann of the staff", STAFF],
    ["Ann of the partner", PARTNER],
  ] as const)
    await expect(one.getByRole("row", { name: new RegExp(`${name}.*${ADDRESS}.* ${id} `) })).toBeVisible();
  await one.goto(`${installation.url}/administration/groups`);
  for (const { id } of [STAFF, PARTNER])
    await expect(one.getByRole("row", { name: `admins Identity provider (${id})` })).toBeVisible();
  await one.close();
  await other.close();
});

test("one that does not answer says so at its button, and the other goes on", async ({ page }) => {
  await partner.close();
  await openSignIn(page);
  await button(page, PARTNER).click();
  await expect(page.getByText(`${PARTNER.name} could not be reached. Try again in a moment.`)).toBeVisible();
  await expect(button(page, PARTNER)).toBeEnabled();
  expect(await signIn(page, STAFF, "Ann of the staff")).toMatchObject({ consoleRole: "administrator" });
});
