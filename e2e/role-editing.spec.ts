import type { Page } from "@playwright/test";
import { expectNoViolations } from "./support/accessibility.ts";
import { waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { callConsole } from "./support/console-api.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

const PERSON = "chidi@acme.example";

interface Role {
  id: string;
  yaml: string;
}

/** A role by which the auditor may make configmaps, which nothing else lets them. */
async function makeRole(page: Page, name: string): Promise<Role> {
  const rule = { effect: "allow", apiGroups: [""], resources: ["configmaps"], verbs: ["create", "get"] };
  const role = await callConsole<Role>(page, "POST", "/api/v1/roles", {
    document: {
      apiVersion: "kubewitness.io/v1",
      kind: "Role",
      metadata: { name },
      spec: { rules: [rule], kubernetes: { groups: ["kubewitness:developer"] } },
    },
  });
  const grant = { role: name, subjectKind: "user", subject: PERSON, cluster: CLUSTER.name };
  await callConsole(page, "POST", "/api/v1/grants", { ...grant, namespaces: [CLUSTER.namespace] });
  return role;
}

test("a role is edited, tried on the record, saved, explained and restored", async ({ adminPage: page }) => {
  test.setTimeout(180_000);
  await page.goto("/access/roles");
  const name = ownName("writers");
  const configmap = ownName("settings");
  const { id, yaml } = await makeRole(page, name);
  const create = () =>
    kubectl(["-n", CLUSTER.namespace, "create", "configmap", configmap, "--dry-run=server"], {
      as: "auditor",
    });
  await expect.poll(async () => (await create()).code).toBe(0);
  await waitForCalls(`resourceName = "${configmap}" AND result = "success"`);

  await page.goto(`/access/roles/${id}?view=yaml`);
  const editor = page.getByLabel("The role as YAML");
  const save = page.getByRole("button", { name: "Save", exact: true });
  const line = yaml.split("\n").findIndex((text) => text.includes("effect: allow")) + 1;
  await editor.fill(yaml.replace("effect: allow", "effect: alow"));
  await expect(page.getByRole("list", { name: "Problems" })).toContainText(
    `Line ${line}: spec.rules.0.effect: takes allow or deny`,
  );
  await expect(page.locator(".cm-lint-marker-error")).toBeVisible();
  await expect(save).toBeDisabled();

  await expectNoViolations(page);

  const frozen =
    '    - effect: deny\n      description: frozen\n      apiGroups: [""]\n      resources: [configmaps]\n      verbs: [create]\n';
  await editor.fill(yaml.replace("  rules:\n", `  rules:\n${frozen}`));
  await expect(page.getByRole("list", { name: "Problems" })).toHaveCount(0);
  await page.getByRole("button", { name: "Dry run" }).click();
  const refused = page.getByRole("region", { name: "Would have been refused" });
  await expect(refused).toContainText("create configmaps");
  await expect(refused).toContainText(PERSON);
  await page.getByRole("button", { name: "Close", exact: true }).click();

  await save.click();
  await page.getByLabel("Why").fill("Nobody changes settings in a freeze");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Version 2")).toBeVisible();
  await expect.poll(async () => (await create()).stderr).toContain("denies it: frozen");

  const [denied] = await waitForCalls(
    `resource = "configmaps" AND namespace = "${CLUSTER.namespace}" AND email = "${PERSON}" AND message : "denies it: frozen"`,
  );
  await page.goto(`/audit/kubernetes/request-audit/${denied!.no}`);
  await page.getByRole("link", { name: "Why?" }).click();
  const verdict = page.getByRole("region", { name: /^Refused/ });
  await expect(verdict).toContainText(`role ${name} denies it: frozen`);
  await page.getByRole("link", { name: "rule 1" }).first().click();
  await expect(page.getByRole("region", { name: "Rule 1" }).getByLabel("What it is for")).toHaveValue(
    "frozen",
  );

  await expectNoViolations(page);
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByLabel("Changes since version 1")).toContainText("+      description: frozen");
  await expect(page.getByText("“Nobody changes settings in a freeze”")).toBeVisible();
  await page.getByRole("button", { name: /^Version 1/ }).click();
  await page.getByRole("button", { name: "Restore this version" }).click();
  await page.getByLabel("Why").fill("The freeze is over");
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("Version 3").first()).toBeVisible();
  await expect.poll(async () => (await create()).code).toBe(0);
});
