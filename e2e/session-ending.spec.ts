import { waitForCalls } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { callConsole } from "./support/console-api.ts";
import { ownName } from "./support/own-name.ts";
import { startTerminal } from "./support/terminal.ts";
import { expect, test } from "./support/test.ts";

interface Running {
  sessions: { recordingId: string; email: string; pod: string | null; outputBytes: number; tty: boolean }[];
}

test("somebody ends a colleague's shell, who reads in her terminal who and why", async ({
  adminPage: admin,
}) => {
  const mark = ownName("shell");
  const shell = await startTerminal([
    ...["-n", CLUSTER.namespace, "exec", "-it", CLUSTER.pod.name, "-c", CLUSTER.pod.container],
    ...["--", "sh", "-c", `echo ${mark}; exec sh`],
  ]);
  await shell.untilOutput(new RegExp(mark));
  const [start] = await waitForCalls(`resource = "pods/exec" AND stage = "start" AND message : "${mark}"`);
  const recordingId = String(start?.recordingId);
  const running = async () =>
    (await callConsole<Running>(admin, "GET", "/api/v1/recordings/running")).sessions.find(
      (session) => session.recordingId === recordingId,
    );
  await expect.poll(running).toMatchObject({ email: "alice@acme.example", pod: CLUSTER.pod.name, tty: true });
  const address = `/api/v1/recordings/${recordingId}`;
  expect(await callConsole(admin, "GET", address)).toMatchObject({ state: "running", entry: null });

  await callConsole(admin, "POST", `${address}/end`, { reason: "on the wrong cluster" });
  const why = "terminated by lena@acme.example: on the wrong cluster";
  await shell.untilOutput(new RegExp(`Kubewitness ended this session: ${why}`));
  expect(await shell.ended()).toBe(1);
  const [end] = await waitForCalls(`recordingId = "${recordingId}" AND stage = "end"`);
  expect(end).toMatchObject({ result: "failure", message: `Session ended: ${why}`, recordingId });
  await expect.poll(running).toBe(undefined);
  await expect
    .poll(() => callConsole(admin, "GET", address))
    .toMatchObject({ running: null, entry: { ending: "terminated", message: `Session ended: ${why}` } });
});
