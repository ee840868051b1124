import { expect, type Page, test } from "@playwright/test";
import { type SandboxIdentityProvider, startSandboxIdentityProvider } from "kubewitness-sandbox/oidc";
import { freePort } from "../test/free-ports.ts";
import { type SamlIdentityProvider, startSamlIdentityProvider } from "../test/saml/identity-provider.ts";
import { type DemoInstallation, startDemoInstallation } from "./setup/demo-installation.ts";

// An installation of its own, with one identity provider of the configuration; others are added on the page, and used.
const CLIENT = { clientId: "kubewitness", clientSecret: "a secret of the test's, long enough" };
const ADMIN = { id: "ann", name: "Ann Admin", email: "ann@acme.example", title: "", groups: ["admins"] };
const PAULA = {
  id: "paula",
  name: "Paula Partner",
  email: "paula@partner.example",
  title: "",
  groups: ["leads"],
};
const LENA = { id: "u-1", name: "Lena Maas", email: "lena@corp.example", groups: ["ops"] };

let installation: DemoInstallation;
let staff: SandboxIdentityProvider;
let partner: SandboxIdentityProvider;
let corp: SamlIdentityProvider;

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const clientOf = (id: string) => ({
    ...CLIENT,
    redirectUris: [`${url}/api/auth/callback/${id}`],
    postLogoutRedirectUris: [`${url}/api/auth/signed-out`],
    backchannelLogoutUri: `${url}/api/auth/backchannel-logout/${id}`,
  });
  const start = (id: string, account: typeof ADMIN) =>
    startSandboxIdentityProvider({
      host: "127.0.0.1",
      port: 0,
      clients: [clientOf(id)],
      accounts: [account],
    });
  staff = await start("oidc", ADMIN);
  partner = await start("partner", PAULA);
  corp = await startSamlIdentityProvider({
    accounts: [LENA],
    client: () => ({
      entityId: `${url}/api/auth/metadata/corp`,
      assertionConsumer: `${url}/api/auth/callback/corp`,
    }),
  });
  installation = await startDemoInstallation({
    KUBEWITNESS_DEMO: "false",
    KUBEWITNESS_PORT: String(port),
    OIDC_NAME: "Example staff",
    OIDC_ISSUER: staff.issuer,
    OIDC_CLIENT_ID: CLIENT.clientId,
    OIDC_CLIENT_SECRET: CLIENT.clientSecret,
    OIDC_ADMINISTRATOR_GROUPS: "admins",
  });
});
test.afterAll(async () => {
  await installation?.stop();
  await Promise.all([staff?.close(), partner?.close(), corp?.close()]);
});

const at = (path: string) => `${installation.url}${path}`;
const me = async (page: Page) => (await page.request.get(at("/api/v1/me"))).json();

async function signInAsAdmin(page: Page): Promise<void> {
  await page.goto(at("/signin?callbackUrl=/administration/providers"));
  await page.getByRole("button", { name: "Continue with Example staff" }).click();
  await page.getByRole("button", { name: ADMIN.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Providers" })).toBeVisible();
}

test("an OpenID Connect provider is added on the page, tested, and signs somebody in and out", async ({
  page,
  browser,
}) => {
  await signInAsAdmin(page);
  const own = page.getByRole("row", { name: /Example staff/ });
  await expect(own).toContainText("Configuration");

  await page.getByRole("button", { name: "Add provider" }).click();
  const dialog = page.getByRole("dialog", { name: "Add provider" });
  await dialog.getByLabel("ID", { exact: true }).fill("Partner!");
  await dialog.getByLabel("Name", { exact: true }).fill("Partner Ltd");
  await dialog.getByLabel("Issuer").fill(partner.issuer);
  await dialog.getByLabel("Client ID").fill(CLIENT.clientId);
  await dialog.getByLabel("Client secret").fill(CLIENT.clientSecret);
  await dialog.getByText("Who may sign in, and as what").click();
  await dialog.getByLabel("Auditors").fill("leads");
  await dialog.getByRole("button", { name: "Add provider" }).click();
  await expect(dialog.getByText(/Got Partner!; takes 1 to 32 of a-z/)).toBeVisible();
  await dialog.getByLabel("ID", { exact: true }).fill("partner");
  await dialog.getByRole("button", { name: "Add provider" }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole("row", { name: /Partner Ltd/ }).click();
  const drawer = page.getByRole("complementary", { name: "Provider" });
  await expect(drawer.getByText(at("/api/auth/callback/partner"))).toBeVisible();
  await drawer.getByRole("button", { name: "Test" }).click();
  await expect(drawer.getByText(/It takes the client id kubewitness/)).toBeVisible();

  const other = await browser.newPage();
  await other.goto(at("/signin"));
  await other.getByRole("button", { name: "Continue with Partner Ltd" }).click();
  await other.getByRole("button", { name: PAULA.name }).click();
  await other.waitForURL((url) => url.origin === installation.url && url.pathname !== "/signin");
  expect(await me(other)).toMatchObject({ email: PAULA.email, consoleRole: "auditor" });
  await other.getByRole("button", { name: `Account: ${PAULA.name}` }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(other.getByText("You are signed out.")).toBeVisible();
  expect((await other.request.get(at("/api/v1/me"))).status()).toBe(401);
  await other.close();
});

test("a SAML provider is added on the page and signs somebody in; disabled, it lets nobody in", async ({
  page,
  browser,
}) => {
  await signInAsAdmin(page);
  await page.getByRole("button", { name: "Add provider" }).click();
  const dialog = page.getByRole("dialog", { name: "Add provider" });
  await dialog.getByLabel("Kind").click();
  await page.getByRole("option", { name: "SAML 2.0" }).click();
  await dialog.getByLabel("ID", { exact: true }).fill("corp");
  await dialog.getByLabel("Name", { exact: true }).fill("Corp");
  await dialog.getByLabel("Entity ID").fill(corp.entityId);
  await dialog.getByLabel("Metadata address").fill(corp.metadataUrl);
  await dialog.getByRole("button", { name: "Add provider" }).click();
  await expect(dialog).toBeHidden();

  const other = await browser.newPage();
  await other.goto(at("/signin?callbackUrl=/audit/event-history"));
  await other.getByRole("button", { name: "Continue with Corp" }).click();
  await other.getByRole("link", { name: LENA.name }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Event History" })).toBeVisible();
  expect(await me(other)).toMatchObject({ email: LENA.email, name: LENA.name, groups: ["ops"] });

  await page.getByRole("row", { name: /Corp/ }).click();
  const drawer = page.getByRole("complementary", { name: "Provider" });
  await drawer.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("row", { name: /Corp/ })).toContainText("Disabled");
  expect((await other.request.get(at("/api/v1/me"))).status()).toBe(401);
  await other.goto(at("/signin"));
  await expect(other.getByRole("button", { name: "Continue with Partner Ltd" })).toBeVisible();
  await expect(other.getByRole("button", { name: "Continue with Corp" })).toHaveCount(0);
  await other.close();
});
