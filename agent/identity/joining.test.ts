import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { Lab } from "../testing/lab.ts";
import { TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import type { Identity } from "./identity.ts";

const lab = new Lab();
afterEach(() => lab.close());

const identityIn = async (folder: string): Promise<Identity> =>
  JSON.parse(await readFile(path.join(folder, "identity.json"), "utf8")).identity;

test("joins once, keeps key and certificate for itself, and needs no token after that", async () => {
  const hub = await lab.hub();
  const environment = lab.environment(hub, 1);
  const agent = lab.agent({ ...environment, KUBEWITNESS_AGENT_NAME: "berlin-1" });
  const { agentId } = await until(() => hub.connections[0], "a connection");
  await agent.stop();
  const file = path.join(environment.KUBEWITNESS_AGENT_STATE!, "identity.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await identityIn(environment.KUBEWITNESS_AGENT_STATE!)).name).toBe("berlin-1");

  lab.agent({ ...environment, KUBEWITNESS_JOIN_TOKEN: undefined });
  expect((await until(() => hub.connections[0], "a connection again")).agentId).toBe(agentId);
  expect(hub.asked.filter((each) => each.includes("join"))).toHaveLength(1);

  const said = agent.lines.join("");
  expect(said).not.toContain(environment.KUBEWITNESS_JOIN_TOKEN!.slice(4, 40));
  expect(said).not.toContain("PRIVATE KEY");
});

test("a join token that was used lets no second agent in", async () => {
  const hub = await lab.hub();
  const environment = lab.environment(hub, 1);
  lab.agent(environment);
  await until(() => hub.connections[0], "a connection");
  const thief = lab.agent({ ...environment, KUBEWITNESS_AGENT_STATE: lab.folder() });
  await expect(thief.ended).rejects.toThrow(
    "the gateway did not take the join token: it answered 401: the join token is not known, was used or has ended; a join token counts once",
  );
});

test("a gateway of another authority gets no join token", async () => {
  const [hub, other] = [await lab.hub(), await lab.hub()];
  const agent = lab.agent({ ...lab.environment(hub, 1), KUBEWITNESS_URL: other.url });
  await expect(agent.ended).rejects.toThrow(
    /is not the one that the join token pins.*a replica of it without the same tls\.certificate.*Nothing was sent to it/,
  );
  expect(other.asked).toEqual(["GET /ca.crt"]);
});

test("after joining, a gateway of another authority is not spoken to", async () => {
  const hub = await TestHub.start();
  const { port } = hub;
  const environment = lab.environment(hub, 1);
  const agent = lab.agent(environment);
  await until(() => hub.connections[0], "a connection");
  await hub.close();
  const impostor = await lab.hub({ port });
  const line = await until(() => agent.lines.find((each) => each.includes("not connected")), "a refusal");
  expect(line).toContain("its certificate is not one to trust");
  expect(line).toContain("the same tls.certificate and tls.key");
  expect(impostor.asked).toEqual([]);
});

test("without token and state it says what to do", async () => {
  const environment = lab.environment(await lab.hub(), 1);
  const agent = lab.agent({ ...environment, KUBEWITNESS_JOIN_TOKEN: undefined });
  await expect(agent.ended).rejects.toThrow(
    /KUBEWITNESS_JOIN_TOKEN is not set, and the file .* has no certificate/,
  );
});

test("a state that cannot be read is told without what is in it", async () => {
  const environment = lab.environment(await lab.hub(), 1);
  const file = path.join(environment.KUBEWITNESS_AGENT_STATE!, "identity.json");
  await writeFile(file, '{"identity": {"key": "-----BEGIN PRIVATE KEY-----"');
  const agent = lab.agent(environment);
  await expect(agent.ended).rejects.toThrow(
    `the file ${file} (KUBEWITNESS_AGENT_STATE) does not hold what this agent keeps`,
  );
  expect(agent.lines.join("")).not.toContain("PRIVATE");
});

test("renews its certificate with a key of its own each time, and connects with the newest", async () => {
  const hub = await lab.hub({ renewAfterMs: 300 });
  const environment = lab.environment(hub, 1);
  lab.agent(environment);
  const first = await until(() => hub.connections[0], "a connection");
  const before = await identityIn(environment.KUBEWITNESS_AGENT_STATE!);
  await until(() => hub.asked.filter((each) => each.includes("renew")).length > 1, "a second renewal");
  const after = await identityIn(environment.KUBEWITNESS_AGENT_STATE!);
  expect(after.key).not.toBe(before.key);
  expect(after.agentId).toBe(before.agentId);
  first.socket.destroy();
  const second = await until(() => hub.connections.find((each) => each !== first), "another connection");
  expect(second.fingerprint).not.toBe(first.fingerprint);
});

test("a revoked agent is told so, and goes on asking", async () => {
  const hub = await lab.hub();
  const agent = lab.agent(lab.environment(hub, 1));
  const { agentId } = await until(() => hub.connections[0], "a connection");
  hub.revoke(agentId);
  const line = await until(() => agent.lines.find((each) => each.includes("not connected")), "a refusal");
  expect(line).toContain("answered 401: the agent is revoked");
});

test("another join token is one to join anew with; where it is refused, the agent stays what it is", async () => {
  const hub = await lab.hub();
  const environment = lab.environment(hub, 1);
  const agent = lab.agent(environment);
  const first = await until(() => hub.connections[0], "a connection");
  await agent.stop();
  const again = lab.agent({ ...environment, KUBEWITNESS_JOIN_TOKEN: hub.createJoinToken() });
  const second = await until(() => hub.connections[0], "a connection as another agent");
  expect(second.agentId).not.toBe(first.agentId);
  await again.stop();

  const refused = lab.agent(environment);
  expect((await until(() => hub.connections[0], "a connection as before")).agentId).toBe(second.agentId);
  expect(refused.lines.join("")).toContain("it goes on as the agent that it is");
});
