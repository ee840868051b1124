import { afterAll, beforeAll, expect, test } from "vitest";
import { auditScope } from "../../lib/access/permission.ts";
import { listCommands } from "../../lib/audit/request-audit/commands.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { systemContext } from "../../lib/context.ts";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import type { SocketClient } from "./testing/socket-client.ts";
import { type SignedIn, startTerminalLab, type TerminalLab } from "./testing/terminal-lab.ts";

// The whole way: a browser's socket, the product's shell, kubectl in its sandbox, the relay, the gateway, a cluster.

const ctx = systemContext("test");
const range = { from: "now-1h", to: "now+1h", timeZone: "UTC" };
let lab: TerminalLab;
let alice: SignedIn;

beforeAll(async () => {
  const kubectl = (await kubectlBinaries()).at(-1)!.path;
  lab = await startTerminalLab({ kubectl });
  alice = await lab.signIn();
}, 120_000);
afterAll(() => lab.close());

const shows = (client: SocketClient, text: RegExp) =>
  expect.poll(() => client.text, { timeout: 30_000 }).toMatch(text);

test("kubectl, a pipe and a session inside work, and each is on the record as what it is", async () => {
  const { client, terminal } = await lab.start(alice);
  client.type("kubectl get pods -n payments");
  await shows(client, /postgres-1/);
  client.type("kubectl get pods -n payments -o name | grep postgres");
  await shows(client, /pod\/postgres-1/);
  client.type("kubectl exec -it -n payments postgres-1 -- sh");
  await shows(client, /postgres-1 -- sh[\s\S]*[#$] /);
  client.type("echo in-the-pod");
  await shows(client, /in-the-pod\s[\s\S]*in-the-pod/);
  client.type("exit");
  await shows(client, /in-the-pod\s[\s\S]*exit[\s\S]*default/);
  client.type("kubectl get nonsense");
  await shows(client, /nonsense"/);

  const list = () => listCommands({ ctx, scope: auditScope(alice.ctx), query: { ...range, limit: 20 } });
  await expect.poll(async () => (await list()).commands.at(0)?.exitCode).toBe(1);
  const { commands } = await list();
  expect(commands.every(({ claimed }) => !claimed)).toBe(true);
  expect(commands.find(({ command }) => command?.includes("exec"))).toMatchObject({
    exitCode: 0,
    recordingId: terminal.terminalId,
  });
  const query = { ...range, limit: 50, filter: "resource = pods/exec" };
  const calls = async () => (await listRequests({ ctx, scope: auditScope(alice.ctx), query })).entries;
  await expect.poll(async () => (await calls()).map(({ stage }) => stage)).toEqual(["end", "start"]);
  for (const entry of await calls())
    expect(entry).toMatchObject({
      accessMethod: "Browser",
      clientIp: alice.address,
      recordingId: expect.any(String),
    });
}, 180_000);
