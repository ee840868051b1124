import type { Page } from "@playwright/test";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

/** Clicks where only the page behind the dialog is. */
async function clickBeside(page: Page) {
  // A dialog that has just come begins to listen for that in a task of its own.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  await page.mouse.click(8, 400);
}

async function openGrantDialog(page: Page) {
  await page.goto("/access/grants");
  await page.getByRole("button", { name: "Grant access" }).click();
  const dialog = page.getByRole("dialog", { name: "Grant access" });
  await expect(dialog).toBeVisible();
  return dialog;
}

test("a form keeps its width, however long the value is that it refuses", async ({ adminPage: page }) => {
  await page.goto("/administration/users");
  await page.getByRole("button", { name: "Add user" }).click();
  const users = page.getByRole("dialog", { name: "Add user" });
  await users.getByLabel("Name", { exact: true }).fill("N".repeat(300));
  await users.getByRole("button", { name: "Add user" }).click();
  await expect(users).toContainText("takes a name of 1 to 200 characters");
  await expectNoSidewaysScroll(users);

  const grants = await openGrantDialog(page);
  await grants.getByLabel("Namespaces").fill("BAD_NS!".repeat(30));
  await grants.getByRole("button", { name: "Grant access" }).click();
  await expect(grants).toContainText("takes the name of a namespace");
  await expectNoSidewaysScroll(grants);
});

async function expectNoSidewaysScroll(dialog: ReturnType<Page["getByRole"]>) {
  const wider = await dialog.evaluate((element) =>
    [element, ...element.querySelectorAll("*")]
      .filter((each) => each.matches("[role=dialog], div, form") && !each.matches("[aria-hidden=true]"))
      .filter(
        (each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline",
      )
      .map((each) => each.outerHTML.slice(0, 120)),
  );
  expect(wider).toEqual([]);
}

test("a secret that is shown once stays until its own button closes it", async ({ adminPage: page }) => {
  await page.goto("/administration/applications");
  await page.getByRole("button", { name: "Add application" }).click();
  const name = ownName("kept");
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Add application" }).click();
  const shown = page.getByRole("dialog", { name: `Secret of ${name}`, exact: true });
  await expect(shown).toBeVisible();
  await page.keyboard.press("Escape");
  await clickBeside(page);
  await expect(shown.getByText(/^kws_/)).toBeVisible();
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(shown).toHaveCount(0);
});

test("Escape closes the suggestions before the dialog, and a click beside it keeps what is entered", async ({
  adminPage: page,
}) => {
  const dialog = await openGrantDialog(page);
  await clickBeside(page);
  await expect(dialog).toHaveCount(0);

  await page.getByRole("button", { name: "Grant access" }).click();
  const group = dialog.getByLabel("Group", { exact: true });
  await group.pressSequentially("payments");
  const suggestions = dialog.getByRole("listbox", { name: "Suggestions: Group" });
  await expect(suggestions).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(suggestions).toHaveCount(0);
  await clickBeside(page);
  await expect(group).toHaveValue("payments");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("an empty grant is answered in the form's words, with nothing over them", async ({
  adminPage: page,
}) => {
  const dialog = await openGrantDialog(page);
  await dialog.getByLabel("Expires").click();
  await page.getByRole("option", { name: "On a day" }).click();
  await dialog.getByRole("button", { name: "Grant access" }).click();
  for (const words of [
    "Name a group.",
    "Choose a role.",
    "Choose a cluster.",
    "Choose a day from today on.",
  ]) {
    await expect(dialog).toContainText(words);
  }
  await expect(dialog.getByLabel("Group", { exact: true })).toBeFocused();
  await expect(dialog.getByRole("listbox")).toHaveCount(0);
});

test("a cluster's form says all that is wrong with it at once", async ({ adminPage: page }) => {
  await page.goto("/infrastructure/clusters");
  await page.getByRole("button", { name: "Add cluster" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Bad Name!!");
  await dialog.getByLabel("Endpoint").fill("ftp://x");
  await dialog.getByRole("button", { name: "Add cluster" }).click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByLabel("Endpoint")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByLabel("Token", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(dialog).toContainText("takes an https address such as");
});
