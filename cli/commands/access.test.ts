import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { createRole } from "../../lib/access/roles/mutations.ts";
import { systemContext } from "../../lib/context.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { entryOf } from "../kubeconfig/entries.ts";
import { mergeKubeconfig } from "../kubeconfig/merge.ts";
import { runCommandLine } from "../program/run.ts";
import { capture } from "../testing/capture.ts";
import { createTestConsole, type TestConsole } from "../testing/console.ts";
import { createMachine, type Machine } from "../testing/run-cli.ts";

const PATIENT = { timeout: 20_000 };
const ctx = systemContext("test");
const ROLE = `apiVersion: kubewitness.io/v1
kind: Role
metadata: {name: on-call}
spec:
  rules: [{effect: allow, apiGroups: ["*"], resources: ["*"], verbs: [get, list]}]
  requests: {requestable: true, approverRoles: [cluster-admin], maxDuration: 4h}
`;
let server: TestConsole;
let machine: Machine;
const envOf: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  server = await createTestConsole();
  machine = await createMachine();
  await createRole({ ctx, input: { yaml: ROLE } });
  for (const [name, groups] of [
    ["alice", undefined],
    ["bob", undefined],
    ["lena", ["admins"]],
  ] as const) {
    const { id: userId } = await server.createPerson(name, groups && [...groups]);
    const { token } = await issueToken({ ctx, input: { name: "cli", userId } });
    envOf[name] = { KUBEWITNESS_CLI_URL: server.server.url, KUBEWITNESS_CLI_TOKEN: token };
  }
  const bob = { subjectKind: "user", subject: "bob@acme.example" } as const;
  await createGrant({ ctx, input: { ...bob, role: "cluster-admin", cluster: "prod" } });
});
afterAll(async () => {
  machine.remove();
  await server.close();
});

const as = (name: string, ...words: string[]) => runHere(words, envOf[name]!);
/** A command line in this process, with what it printed. */
async function runHere(words: string[], env: Record<string, string>) {
  const terminal = capture({ HOME: machine.home, ...env });
  const code = await runCommandLine(words, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe("can-i", () => {
  test.each([
    [
      ["get", "pods", "-n", "payments", "--cluster", "prod"],
      0,
      /^yes\n[\s\S]*decides: role developer, granted to group developers$/m,
    ],
    [["get", "po/ledger-1", "-n", "payments", "--cluster", "prod"], 0, /^yes\n/],
    [["create", "pods/exec", "-n", "payments", "--cluster", "prod"], 0, /^yes\n/],
    [["update", "deploy", "-n", "payments", "--cluster", "prod"], 0, /^yes\n/],
    [["get", "pods", "-n", "kube-system", "--cluster", "prod"], 1, /^no\n/],
    [["get", "pods", "--cluster", "prod"], 1, /^no\n.*default/],
    [["delete", "nodes", "--cluster", "prod"], 1, /^no\n/],
    [["get", "pods", "-n", "payments", "--cluster", "prod", "--as", "system:admin"], 1, /^no\n/],
  ])("%j", async (words, code, says) => {
    expect(await as("alice", "can-i", ...words)).toMatchObject({
      code,
      stdout: expect.stringMatching(says),
      stderr: "",
    });
  });

  test("of somebody else, for who may ask that", async () => {
    const words = [
      "can-i",
      "get",
      "pods",
      "-n",
      "payments",
      "--cluster",
      "prod",
      "--subject",
      "alice@acme.example",
    ];
    const { code, stdout } = await as("lena", ...words, "-o", "json");
    expect({ code, simulation: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      simulation: { allowed: true, subject: { name: "alice@acme.example" } },
    });
    expect((await as("bob", ...words)).code).toBe(1);
  });

  test("says that a kind needs its group, and takes one that has it", async () => {
    const other = ["-n", "payments", "--cluster", "prod"];
    expect((await as("alice", "can-i", "get", "widgets", ...other)).stderr).toContain(
      "Name its group: widgets.example.com",
    );
    expect((await as("alice", "can-i", "get", "widgets.example.com/x", ...other)).stderr).toBe("");
  });

  test("without a cluster where there are several says which", async () => {
    expect(await as("alice", "can-i", "get", "pods")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--cluster is missing: takes prod, staging."),
    });
  });

  test("of a context takes those of kubewitness", async () => {
    const kubeconfig = path.join(machine.home, "kube");
    const gateway = { server: "https://audit.example.com:8443", certificateAuthority: null };
    const entry = entryOf(gateway, {
      cluster: "prod",
      profile: "main",
      program: { command: "kubewitness", arguments: [] },
    });
    writeFileSync(kubeconfig, mergeKubeconfig({ file: kubeconfig, text: null }, [entry], null));
    const env = { ...envOf.alice, KUBECONFIG: kubeconfig };
    expect(await runHere(["can-i", "get", "pods", "--context", "kind"], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--context got "kind": takes prod@main.'),
    });
  });
});

describe("requests", () => {
  const ask = (...words: string[]) => [
    "request",
    "on-call",
    "--cluster",
    "prod",
    "-n",
    "kube-system",
    "--reason",
    "INC-42",
    ...words,
  ];

  test("one that is refused ends a waiting request with 1, and the word is read", async () => {
    const waiting = machine.start(ask("--wait", "--for", "90m"), envOf.alice);
    await expect.poll(() => waiting.stderr(), PATIENT).toContain("waits for an answer");
    const { stdout } = await as("bob", "requests", "--scope", "to-answer", "--state", "open");
    expect(stdout).toMatch(/open +alice@acme\.example +on-call +prod: kube-system +1h 30m +INC-42/);
    const [id = ""] = /[\da-f-]{36}/.exec(stdout) ?? [];
    expect(await as("alice", "approve", id)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Nobody answers a request of their own/),
    });
    expect(await as("bob", "refuse", id, "--word", "ask the owner")).toMatchObject({ code: 0 });
    expect(await waiting.ended).toMatchObject({ code: 1, stdout: expect.stringContaining("ask the owner") });
    expect(await as("bob", "approve", id)).toMatchObject({ code: 1, stdout: "" });
  });

  test("one that is not waited for is there, and can be approved for less long", async () => {
    const { code, stdout } = await as("alice", ...ask("-o", "json"));
    const { id, state } = JSON.parse(stdout);
    expect({ code, state }).toEqual({ code: 0, state: "open" });
    expect(await as("bob", "approve", id, "--for", "15m")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /active: on-call on prod: kube-system for alice@acme\.example[\s\S]*until /,
      ),
    });
    expect(
      (await as("alice", "can-i", "get", "pods", "-n", "kube-system", "--cluster", "prod")).stdout,
    ).toMatch(/^yes\n/);
  });

  test("a wrong length of time is said before anything is asked", async () => {
    expect(await as("alice", ...ask("--for", "soon"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--for got "soon": takes a length of time such as 90m'),
    });
  });
});
