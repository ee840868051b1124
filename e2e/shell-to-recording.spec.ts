import { waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { REQUEST_AUDIT_PATH } from "./support/request-audit-page.ts";
import { newSession, screenOf as playerScreen, runningSessions } from "./support/session-recordings.ts";
import { expect, test } from "./support/test.ts";
import { openShell, screenOf, typeLine } from "./support/web-shell.ts";

test.describe.configure({ timeout: 300_000 });

test("the whole way: a session in the web shell is watched and ended by a colleague, found by its call, played and searched", async ({
  alicePage: alice,
  auditorPage: auditor,
}) => {
  await openShell(alice, CLUSTER.name);
  await typeLine(alice, "kubectl get pods");
  await expect(screenOf(alice)).toContainText(CLUSTER.pod.name);
  const known = (await runningSessions(auditor)).map(({ recordingId }) => recordingId);
  await typeLine(alice, "clear");
  await typeLine(alice, `kubectl exec -it ${CLUSTER.pod.name} -- sh`);
  const recordingId = await newSession(auditor, known);
  await expect(screenOf(alice)).toContainText("/ #");
  await typeLine(alice, "echo the word is persimmon");
  await expect(screenOf(alice)).toContainText("persimmonthe word is persimmon");

  await auditor.goto("/audit/kubernetes/recordings");
  const running = auditor.getByRole("region", { name: /^Running now/ });
  await running.locator(`a[href$="${recordingId}"]`).click();
  await expect(playerScreen(auditor)).toContainText("persimmonthe word is persimmon");
  await auditor.getByRole("button", { name: "End session…" }).click();
  const dialog = auditor.getByRole("alertdialog");
  await dialog.getByLabel("Reason").fill("a change without a ticket");
  await dialog.getByRole("button", { name: "End session" }).click();
  await expect(screenOf(alice)).toContainText("a change without a ticket");
  await expect(screenOf(alice)).toContainText(/\$\s*$/);

  const [end] = await waitForCalls(`recordingId = "${recordingId}" AND stage = "end"`);
  expect(end).toMatchObject({
    accessMethod: "Browser",
    command: `kubectl exec -it ${CLUSTER.pod.name} -- sh`,
  });
  await auditor.goto(`${REQUEST_AUDIT_PATH}/${end!.no}`);
  const drawer = auditor.getByRole("complementary", { name: /^Call / });
  await expect(drawer).toContainText("a change without a ticket");
  await drawer.getByRole("link", { name: "Session Recording" }).click();
  await expect(auditor.getByRole("slider", { name: "Position" })).toBeVisible({ timeout: 60_000 });
  await expect(auditor.getByRole("region", { name: "Commands" })).toContainText("echo the word is persimmon");
  await auditor.keyboard.press("/");
  await auditor.keyboard.type("persimmon");
  await expect(auditor.getByText(/^\d+ match/)).toBeVisible();
  await auditor.keyboard.press("Enter");
  await expect(auditor.getByText(/^1 of \d/)).toBeVisible();
  await expect(playerScreen(auditor)).toContainText("persimmon");

  await auditor.goto(
    `/audit/kubernetes/recordings?${new URLSearchParams({ filter: 'output : "persimmon"' })}`,
  );
  await expect(auditor.locator("tbody tr[data-no]").first()).toContainText(CLUSTER.pod.name);
});
