import { expect, type Page } from "@playwright/test";
import { consoleUrl } from "./installation.ts";
import type { DemoPerson } from "./kubectl.ts";

export const PERSON_NAMES: Record<DemoPerson, string> = {
  alice: "Alice Moreau",
  admin: "Lena Hoffmann",
  auditor: "Chidi Okonkwo",
};

/** Signs in by hand, from wherever the console asks for it, as one of the identity provider's people. */
export async function signIn(page: Page, person: DemoPerson): Promise<void> {
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await page.getByRole("button", { name: PERSON_NAMES[person] }).click();
  await page.waitForURL((url) => url.origin === consoleUrl() && url.pathname !== "/signin");
  await expect(page.getByRole("button", { name: `Account: ${PERSON_NAMES[person]}` })).toBeVisible();
}
