import { startDemoInstallation } from "./demo-installation.ts";

/** One installation for the whole run; the workers find it through the environment. E2E_URL and E2E_DATA name one that runs already. */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.E2E_URL && process.env.E2E_DATA) return undefined;
  const installation = await startDemoInstallation();
  process.env.E2E_URL = installation.url;
  process.env.E2E_DATA = installation.data;
  return installation.stop;
}
