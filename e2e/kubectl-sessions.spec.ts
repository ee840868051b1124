import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { getCall } from "./support/audit-api.ts";
import { CLUSTER } from "./support/cluster.ts";
import { expectAmongCalls, expectCalls, runRecorded } from "./support/command-record.ts";
import { kubectl, kubectlVersions } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { type CallClaims, oneOf, startAndEnd } from "./support/recorded-call.ts";
import { expectOnPage } from "./support/request-audit-page.ts";
import { startCommand } from "./support/running-command.ts";
import { startTerminal } from "./support/terminal.ts";
import { expect, test } from "./support/test.ts";
import { expectBody } from "./support/verb-cases.ts";

const NAMESPACE = ["-n", CLUSTER.namespace];
const POD = { resource: "pods", resourceName: CLUSTER.pod.name };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const found: CallClaims = { verb: "get", ...POD };
/** kubectl 1.20 says nothing of itself. */
const commandOf = (version: string, command: string) => (version === "1.20" ? null : command);

/** The two rows of a session that is upgraded. */
function session(
  subresource: "exec" | "attach" | "portforward",
  started: string,
  ended: Partial<CallClaims>,
  resourceName = POD.resourceName,
): CallClaims[] {
  const recordingId = subresource === "portforward" ? null : expect.stringMatching(UUID);
  const claims = {
    verb: "create",
    resource: `pods/${subresource}`,
    resourceName,
    httpStatus: 101,
    recordingId,
  };
  return startAndEnd(
    claims,
    { message: `Session started: ${started}` },
    { bytesIn: expect.any(Number), ...ended },
  );
}

/** Who copies from a pod leaves once the archive is whole: whether tar's exit code is still waited for depends on who is quicker. */
const copied = {
  message: expect.stringMatching(/^Session ended(, exit code 0|: the client left)$/),
  exitCode: oneOf(0, null),
};
const exited = (code: number) => ({ message: `Session ended, exit code ${code}`, exitCode: code });

/** SPDY alone; then the versions up to the first that speaks WebSocket; the newest. */
const VERSIONS = (await kubectlVersions()).filter((version, index, all) => {
  return ["1.20", "1.27", "1.29", "1.30"].includes(version) || index === all.length - 1;
});

/** What a test needs beside its own commands is done by somebody else, whose calls are not looked at. */
const asAdmin = (...args: string[]) => kubectl([...NAMESPACE, ...args], { as: "admin" });

const talking = ownName("talking");
test.beforeAll(async () => {
  const talk = "while true; do echo still here; sleep 0.2; done";
  await asAdmin("run", talking, "--image=busybox", "--restart=Never", "--command", "--", "sh", "-c", talk);
  await asAdmin("wait", "--for=condition=Ready", `pod/${talking}`, "--timeout=30s");
});
test.afterAll(() => asAdmin("delete", "pod", talking, "--wait=false"));

for (const version of VERSIONS) {
  test.describe(`kubectl ${version}`, () => {
    test("exec: input, output, exit code", async ({ readingPage }) => {
      const command = "cat; echo err >&2; exit 3";
      const { code, stdout, stderr, calls } = await runRecorded(
        [
          ...NAMESPACE,
          "exec",
          "-i",
          POD.resourceName,
          "-c",
          CLUSTER.pod.container,
          "--",
          "sh",
          "-c",
          command,
        ],
        { version, stdin: "through\n", command: commandOf(version, "kubectl exec") },
        [found, ...session("exec", `sh -c '${command}'`, exited(3))],
      );
      expect({ code, stdout }).toEqual({ code: 3, stdout: "through\n" });
      expect(stderr).toBe("err\ncommand terminated with exit code 3\n");
      const [, start, end] = calls;
      expect(end!.auditId).toBe(start!.auditId);
      expect(end!.bytesIn).toBeGreaterThanOrEqual("through\n".length);
      expect(end!.bytesOut).toBeGreaterThanOrEqual("through\nerr\n".length);
      const options = "stdin: true\nstdout: true\nstderr: true\ntty: false\n";
      const yaml = `command:\n  - sh\n  - -c\n  - ${command}\ncontainer: ${CLUSTER.pod.container}\n${options}`;
      await expectBody(start!.no, { yaml, sent: yaml });
      await expectOnPage(readingPage, calls);
    });

    test("cp: some megabytes there and back, to the byte", async ({ readingPage }) => {
      const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-cp-"));
      const content = randomBytes(3 * 2 ** 20);
      const file = `/tmp/${ownName("copied")}`;
      const options = { version, command: commandOf(version, "kubectl cp") };
      try {
        await writeFile(path.join(folder, "there"), content);
        const there = await runRecorded(
          [
            ...NAMESPACE,
            "cp",
            path.join(folder, "there"),
            `${POD.resourceName}:${file}`,
            "-c",
            CLUSTER.pod.container,
          ],
          options,
          [
            found,
            ...session("exec", `test -d ${file}`, exited(1)),
            found,
            ...session("exec", "tar -xmf - -C /tmp", exited(0)),
          ],
        );
        expect(there).toMatchObject({ code: 0, stderr: "" });
        expect(there.calls.at(-1)!.bytesIn).toBeGreaterThan(content.length);
        const back = await runRecorded(
          [
            ...NAMESPACE,
            "cp",
            `${POD.resourceName}:${file}`,
            path.join(folder, "back"),
            "-c",
            CLUSTER.pod.container,
          ],
          options,
          [found, ...session("exec", `tar cf - ${file}`, copied)],
        );
        expect(back.code).toBe(0);
        expect(back.calls.at(-1)!.bytesOut).toBeGreaterThan(content.length);
        expect(sha256(await readFile(path.join(folder, "back")))).toBe(sha256(content));
        await expectOnPage(readingPage, [...there.calls, ...back.calls]);
      } finally {
        await rm(folder, { recursive: true });
        await asAdmin("exec", POD.resourceName, "-c", CLUSTER.pod.container, "--", "rm", "-f", file);
      }
    });

    test("port-forward: HTTP through it", async ({ readingPage }) => {
      const [pod] = (
        await kubectl([...NAMESPACE, "get", "pods", "-l", CLUSTER.web.selector, "-o", "name"])
      ).stdout.split("\n");
      const name = pod!.replace("pod/", "");
      const since = new Date();
      const forward = await startCommand([...NAMESPACE, "port-forward", name, `:${CLUSTER.web.port}`], {
        version,
      });
      await forward.untilOutput(new RegExp(`127\\.0\\.0\\.1:\\d+ -> ${CLUSTER.web.port}\\n`));
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(forward.stdout())!;
      const answer = await fetch(`http://127.0.0.1:${port}${CLUSTER.web.path}`, {
        headers: { Connection: "close" },
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(CLUSTER.web.says(name));
      await forward.end();
      const read = { ...found, resourceName: name };
      const calls = await expectCalls(
        since,
        { as: "alice", version, command: commandOf(version, "kubectl port-forward") },
        [
          ...[read, read],
          ...session(
            "portforward",
            "portforward",
            { message: `Session ended, ports ${CLUSTER.web.port}, 1 connection` },
            name,
          ),
        ],
      );
      await expectOnPage(readingPage, calls);
    });

    test("logs -f: until one leaves", async ({ readingPage }) => {
      const since = new Date();
      const follow = await startCommand([...NAMESPACE, "logs", "-f", "--tail=1", talking], {
        version,
      });
      await follow.untilOutput(/(still here\n){3}/);
      await follow.end();
      const pod = { ...found, resourceName: talking };
      const log = { ...pod, resource: "pods/log" };
      const ended = { message: "Log stream ended", bytesIn: 0, bytesOut: expect.any(Number) };
      const calls = await expectCalls(
        since,
        { as: "alice", version, command: commandOf(version, "kubectl logs") },
        [pod, ...startAndEnd(log, { message: "Log stream started" }, ended)],
      );
      expect(calls[2]!.bytesOut).toBeGreaterThanOrEqual(follow.stdout().length);
      await expectOnPage(readingPage, calls);
    });
  });
}

test("exec with a terminal", async ({ readingPage }) => {
  const since = new Date();
  const shell = await startTerminal([
    ...NAMESPACE,
    "exec",
    "-it",
    POD.resourceName,
    "-c",
    CLUSTER.pod.container,
    "--",
    "sh",
  ]);
  await shell.untilOutput(/\/ # /);
  // The size comes to the shell by a way of its own, beside what is typed.
  await expect(async () => {
    shell.write("stty size\r");
    await expect.poll(shell.output, { timeout: 2_000 }).toMatch(/33 101\r?\n/);
  }).toPass({ timeout: 15_000 });
  shell.write("exit 5\r");
  expect(await shell.ended()).toBe(5);
  const calls = await expectCalls(since, { as: "alice", command: "kubectl exec" }, [
    found,
    ...session("exec", "sh", exited(5)),
  ]);
  const yaml = `command:\n  - sh\ncontainer: ${CLUSTER.pod.container}\nstdin: true\nstdout: true\nstderr: false\ntty: true\n`;
  await expectBody(calls[1]!.no, { yaml, sent: yaml });
  await expectOnPage(readingPage, calls);
});

test("attach: to a process that waits for input", async ({ readingPage }) => {
  const name = ownName("attached");
  const run = ["run", name, "--image=busybox", "--restart=Never", "--stdin", "--attach=false", "--", "sh"];
  await asAdmin(...run);
  await asAdmin("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=30s");
  const { code, stdout, calls } = await runRecorded(
    [...NAMESPACE, "attach", "-i", name],
    { stdin: "echo attached; exit 6\n", command: "kubectl attach" },
    [{ ...found, resourceName: name }, ...session("attach", "attach", exited(0), name)],
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: "attached\n" });
  await expectOnPage(readingPage, calls);
  await asAdmin("delete", "pod", name, "--wait=false");
});

test("run --rm -i: a pod for one command", async ({ readingPage }) => {
  const name = ownName("once");
  const since = new Date();
  const run = ["run", name, "--rm", "-i", "--image=busybox", "--restart=Never", "--", "sh"];
  const ran = await kubectl([...NAMESPACE, ...run], { stdin: "sleep 1; echo from the pod; exit 4\n" });
  expect(ran.code).toBe(4);
  expect(ran.stdout).toContain("from the pod\n");
  expect(ran.stdout).toContain(`pod "${name}" deleted`);
  const bytesIn = expect.any(Number);
  const calls = await expectAmongCalls(since, "kubectl run", [
    { verb: "create", resource: "pods", resourceName: name, httpStatus: 201, bytesIn },
    ...session("attach", "attach", exited(0), name),
    { verb: "delete", resource: "pods", resourceName: name, bytesIn },
  ]);
  await expectOnPage(readingPage, calls);
});

test("debug: a container beside the others", async ({ readingPage }) => {
  const container = ownName("debugger");
  const since = new Date();
  const debug = ["debug", POD.resourceName, "--image=busybox", `--container=${container}`, "-i"];
  // It waits for a line: what it says before kubectl is attached goes to its log alone.
  const command = ["--", "sh", "-c", "read line; echo debugging"];
  const { code, stdout } = await kubectl([...NAMESPACE, ...debug, ...command], { stdin: "go\n" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "debugging\n" });
  const patch = { verb: "patch", resource: "pods/ephemeralcontainers", resourceName: POD.resourceName };
  const calls = await expectAmongCalls(since, "kubectl debug", [
    found,
    { ...patch, bytesIn: expect.any(Number) },
    ...session("attach", "attach", exited(0)),
  ]);
  const { requestBody } = await getCall(calls[1]!.no);
  expect(requestBody).toContain(`      name: ${container}\n`);
  expect(requestBody).toContain("        - read line; echo debugging\n");
  await expectOnPage(readingPage, calls);
});

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
