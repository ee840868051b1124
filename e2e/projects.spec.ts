import type { Locator, Page } from "@playwright/test";
import { findCalls, waitForCalls } from "./support/audit-api.ts";
import { callConsole } from "./support/console-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { startCommand } from "./support/running-command.ts";
import { expect, test } from "./support/test.ts";

const PERSON = "chidi@acme.example";
/** What read-only, which the person has everywhere, does not allow. */
const makeIn = (namespace: string, name: string) =>
  kubectl(["-n", namespace, "create", "configmap", name, "--from-literal=a=b"], { as: "auditor" });

async function openForm(page: Page, path: string, verb: string): Promise<Locator> {
  await page.goto(path);
  await page.getByRole("button", { name: verb }).first().click();
  return page.getByRole("dialog", { name: verb });
}

test("a grant on a department counts in its projects' namespaces as they are, and the record says which calls were made there", async ({
  adminPage: page,
}) => {
  const project = ownName("project");
  const department = ownName("department");

  const form = await openForm(page, "/infrastructure/projects", "Add project");
  await form.getByLabel("Name", { exact: true }).fill(project);
  await form.getByLabel("Clusters").fill("demo");
  await form.getByRole("button", { name: "Add project" }).click();
  await expect(form.getByLabel("Namespaces", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await form.getByLabel("Namespaces", { exact: true }).fill("checkout, search");
  await form.getByRole("button", { name: "Add project" }).click();
  await expect(form).toHaveCount(0);

  const second = await openForm(page, "/infrastructure/departments", "Add department");
  await second.getByLabel("Name", { exact: true }).fill(department);
  await second.getByLabel(project).click();
  await second.getByRole("button", { name: "Add department" }).click();
  await expect(second).toHaveCount(0);

  const grant = await openForm(page, "/access/grants", "Grant access");
  await grant.getByLabel("To a").click();
  await page.getByRole("option", { name: "User" }).click();
  await grant.getByLabel("Email").fill(PERSON);
  await grant.getByLabel("Role", { exact: true }).click();
  await page.getByRole("option", { name: "developer" }).click();
  await grant.getByLabel("Where", { exact: true }).click();
  await page.getByRole("option", { name: "Department" }).click();
  await grant.getByLabel("Department", { exact: true }).fill(department);
  await grant.getByRole("button", { name: "Grant access" }).click();
  await expect(grant).toHaveCount(0);

  const object = ownName("made");
  await expect.poll(async () => (await makeIn("checkout", object)).code, { timeout: 15_000 }).toBe(0);
  const beside = await makeIn("payments", object);
  expect(beside.stderr).toContain(`role developer covers department ${department}`);
  const found = await waitForCalls(
    `project = "${project}" AND department = "${department}" AND verb = create AND result = success`,
  );
  expect(found[0]).toMatchObject({
    namespace: "checkout",
    role: "developer",
    projects: expect.arrayContaining([project]),
  });
  expect(await findCalls(`project = "${project}" AND namespace = payments`)).toEqual([]);

  const watch = await startCommand(["-n", "checkout", "get", "pods", "--watch", "-o", "name"], {
    as: "auditor",
  });
  await waitForCalls(`project = "${project}" AND verb = watch AND stage = start`);
  await page.goto("/infrastructure/projects");
  await page.getByRole("button", { name: `Actions for ${project}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: `Edit ${project}` });
  await edit.getByLabel("Namespaces", { exact: true }).fill("search");
  await edit.getByRole("button", { name: "Save" }).click();
  await watch.ended();
  const [end] = await waitForCalls(`project = "${project}" AND verb = watch AND stage = end`);
  expect(end).toMatchObject({ message: "Watch ended: access was revoked", namespace: "checkout" });
  expect((await makeIn("checkout", ownName("late"))).code).not.toBe(0);

  await page.getByRole("cell", { name: project, exact: true }).click();
  const drawer = page.getByRole("complementary", { name: "Project" });
  await expect(drawer).toContainText("search");
  await drawer.getByRole("link", { name: "Calls" }).click();
  await page.waitForURL(/request-audit\?.*filter=/);
  await expect(page.getByRole("cell", { name: object }).first()).toBeVisible();

  await page.goto("/infrastructure/departments");
  await page.getByRole("button", { name: `Actions for ${department}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText(`is named by 1 grant (developer to user ${PERSON})`)).toBeVisible();

  await takeBack(page, { project, department });
});

/** What other tests would stumble over. */
async function takeBack(page: Page, named: { project: string; department: string }): Promise<void> {
  type Listed = { id: string; name: string };
  const search = `?search=${named.department}`;
  const { grants } = await callConsole<{ grants: { id: string; department: Listed | null }[] }>(
    page,
    "GET",
    "/api/v1/grants",
  );
  for (const { id } of grants.filter((grant) => grant.department?.name === named.department))
    await callConsole(page, "DELETE", `/api/v1/grants/${id}`);
  const { departments } = await callConsole<{ departments: Listed[] }>(
    page,
    "GET",
    `/api/v1/departments${search}`,
  );
  for (const { id } of departments) await callConsole(page, "DELETE", `/api/v1/departments/${id}`);
  const { projects } = await callConsole<{ projects: Listed[] }>(
    page,
    "GET",
    `/api/v1/projects?search=${named.project}`,
  );
  for (const { id } of projects) await callConsole(page, "DELETE", `/api/v1/projects/${id}`);
}
