import { type DemoInstallation, startDemoInstallation } from "../setup/demo-installation.ts";
import { test } from "./test.ts";

const START_DEADLINE_MS = 180_000;

/** Gives the tests of a file an installation of their own, for what would disturb the others. */
export function startOwnInstallation(): void {
  const { E2E_URL, E2E_DATA } = process.env;
  let own: DemoInstallation | undefined;
  test.beforeAll(async () => {
    test.setTimeout(START_DEADLINE_MS);
    own = await startDemoInstallation();
    process.env.E2E_URL = own.url;
    process.env.E2E_DATA = own.data;
  });
  test.afterAll(async () => {
    await own?.stop();
    process.env.E2E_URL = E2E_URL;
    process.env.E2E_DATA = E2E_DATA;
  });
}
