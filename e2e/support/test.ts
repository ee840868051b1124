import { type Browser, type BrowserContext, test as base, type Page } from "@playwright/test";
import { type DemoInstallation, startDemoInstallation } from "../setup/demo-installation.ts";
import { startInstallationFor } from "../setup/given-installation.ts";
import { consoleUrl } from "./installation.ts";
import type { DemoPerson } from "./kubectl.ts";
import { signIn } from "./sign-in.ts";

type Cookies = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface TestFixtures {
  /** A page of a browser context of its own, in which that person is signed in. */
  auditorPage: Page;
  alicePage: Page;
  adminPage: Page;
}
interface WorkerFixtures {
  /**
   * Whose installation the tests of a file use: their worker's, or one of their own where they name it, for what would disturb
   * other files: an outage, people who are disabled.
   */
  installationOf: string;
  /** Settings of the demo that is started for them, by environment variable. */
  installationSettings: Record<string, string>;
  installation: undefined;
  /** Signs a person in, once a run; yields the cookies. */
  cookiesOf: (person: DemoPerson) => Promise<Cookies>;
  /** A page of the auditor that goes from test to test: for looking, not for changing what the browser keeps. */
  readingPage: Page;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  baseURL: async ({ browserName: _ }, use) => use(consoleUrl()),
  installationOf: ["the worker", { scope: "worker", option: true }],
  installationSettings: [{}, { scope: "worker", option: true }],
  installation: [
    async ({ installationOf, installationSettings }, use) => {
      const { E2E_URL, E2E_DATA, E2E_KUBECONFIG } = process.env;
      if (E2E_URL && E2E_DATA && installationOf === "the worker") return use(undefined);
      const own = E2E_KUBECONFIG
        ? await startInstallationFor(E2E_KUBECONFIG)
        : await startDemo(installationSettings);
      await use(undefined);
      await own.stop();
    },
    { scope: "worker", auto: true, timeout: 300_000 },
  ],
  cookiesOf: [
    async ({ browser, installation: _ }, use) => {
      const signedIn = new Map<DemoPerson, Promise<Cookies>>();
      const enter = async (person: DemoPerson): Promise<Cookies> => {
        const context = await browser.newContext({ baseURL: consoleUrl() });
        const page = await context.newPage();
        await page.goto("/signin?callbackUrl=/audit/kubernetes/request-audit");
        await signIn(page, person);
        const state = await context.storageState();
        await context.close();
        return state;
      };
      await use((person) => {
        const state = signedIn.get(person) ?? enter(person);
        signedIn.set(person, state);
        return state;
      });
    },
    { scope: "worker" },
  ],
  readingPage: [
    async ({ browser, cookiesOf }, use) => {
      const context = await browser.newContext({
        baseURL: consoleUrl(),
        storageState: await cookiesOf("auditor"),
        viewport: { width: 3600, height: 900 },
        timezoneId: "Europe/Berlin",
        locale: "en-GB",
      });
      await use(await context.newPage());
      await context.close();
    },
    { scope: "worker" },
  ],
  auditorPage: async ({ browser, cookiesOf }, use) => withPage(browser, await cookiesOf("auditor"), use),
  alicePage: async ({ browser, cookiesOf }, use) => withPage(browser, await cookiesOf("alice"), use),
  adminPage: async ({ browser, cookiesOf }, use) => withPage(browser, await cookiesOf("admin"), use),
});

async function startDemo(settings: Record<string, string>): Promise<DemoInstallation> {
  // Receivers of tests are on this machine.
  const demo = await startDemoInstallation({
    KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: "true",
    KUBEWITNESS_WEBHOOKS_ALLOW_LOOPBACK: "true",
    ...settings,
  });
  process.env.E2E_URL = demo.url;
  process.env.E2E_DATA = demo.data;
  return demo;
}

async function withPage(browser: Browser, storageState: Cookies, use: (page: Page) => Promise<void>) {
  const context = await browser.newContext({ storageState });
  await use(await context.newPage());
  await context.close();
}

export { expect } from "@playwright/test";
