import { randomUUID, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { registerCluster, removeCluster } from "../../clusters/mutations.ts";
import { type Context, systemContext } from "../../context.ts";
import type { Fresh } from "../../db/keep-fresh.ts";
import { stopFailedAuthentication } from "../../identity/failed-authentication/record.ts";
import { createAuthority } from "../../pki/issue-certificate.ts";
import { revokeAgent } from "../agents/mutations.ts";
import { agentsOfCluster, startAgentRegistry } from "../agents/registry.ts";
import { logConnect } from "../connections/log.ts";
import { createProof } from "../protocol/proof.ts";
import { agentKey, joinedAgent } from "../testing/joining-agent.ts";
import { authenticateAgent } from "./authenticate.ts";
import { joinAgent, makeJoinToken, renewCertificate, withdrawJoinToken } from "./mutations.ts";

let installation: TestInstallation;
let registry: Fresh;
let clusterId: string;
let addresses = 0;

const admin = systemContext("test");
/** Each from another address: who fails has no influence on others. */
const from = (): Context => ({
  ...systemContext("x"),
  actor: { kind: "anonymous" },
  sourceIp: `203.0.113.${++addresses}`,
});
const newCluster = async (name: string) => {
  const credential = { kind: "token" as const, token: "s3cret" };
  return (await registerCluster({ ctx: admin, input: { name, endpoint: "https://192.0.2.1", credential } }))
    .id;
};
const join = (options: { name?: string | null; tags?: string[]; cluster?: string } = {}) =>
  joinedAgent({ admin, stranger: from() }, { cluster: clusterId, ...options });
const input = async (token: string, name: string | null = null) => {
  const { certificateRequest } = await agentKey();
  return { token, certificateRequest, name, tags: [], version: "0.1.0" };
};

beforeAll(async () => {
  installation = await createTestInstallation();
  clusterId = await newCluster("behind-firewall");
  registry = await startAgentRegistry({ pollMs: 200 });
});
afterAll(async () => {
  await registry.stop();
  await stopFailedAuthentication();
  await installation.close();
});

test("a token makes one agent of its cluster, with a certificate of its own, on the record", async () => {
  const before = await lastEventNo(installation);
  const { token, gateway } = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  expect(token).toMatch(/^kwj_[\w-]{43}\.[\w-]{43}$/);
  expect(gateway).toMatch(/^https:/);
  const { key, certificateRequest } = await agentKey("CN=of another cluster");
  const answer = await joinAgent({
    ctx: from(),
    input: { token, certificateRequest, name: "first", tags: ["eu"], version: "0.1.0" },
  });
  expect(answer).toMatchObject({ name: "first", cluster: "behind-firewall" });
  const certificate = new X509Certificate(answer.certificate);
  expect(certificate.subject).toBe(`CN=${answer.agentId}`);
  expect(certificate.subjectAltName).toBe(`URI:kubewitness:cluster:${clusterId}`);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  const life = Date.parse(answer.expiresAt) - Date.now();
  expect(life / 86_400_000).toBeCloseTo(30, 1);
  expect((Date.parse(answer.renewAfter) - Date.now()) / life).toBeCloseTo(2 / 3, 2);

  const second = { ctx: from(), input: await input(token) };
  await expect(joinAgent(second)).rejects.toMatchObject({
    code: "unauthenticated",
    message: expect.stringMatching(/^The join token was used already/),
  });
  const events = await readEvents(installation, before);
  expect(events).toMatchObject([
    { operation: "Create", entityType: "TunnelAgent", clusterName: "behind-firewall" },
    { operation: "Join", entityId: answer.agentId, entityName: "first", actorName: "tunnel agent first" },
    { operation: "Join", status: "Failed", error: expect.stringMatching(/used already/) },
  ]);
  expect(JSON.stringify(events)).not.toContain(token.slice(4, 20));
});

test("of two that show a token at the same time one joins", async () => {
  const { token } = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  const tries = await Promise.allSettled([
    joinAgent({ ctx: from(), input: await input(token) }),
    joinAgent({ ctx: from(), input: await input(token) }),
  ]);
  expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("tokens that have ended, were withdrawn, are made up or of a cluster that is gone let nobody in", async () => {
  const made = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  await installation.pool.query(
    "update tunnel_join_tokens set expires_at = now() - interval '1 s' where id = $1",
    [made.id],
  );
  const refused = async (token: string) =>
    joinAgent({ ctx: from(), input: await input(token) }).then(
      () => "joined",
      ({ message }: Error) => message,
    );
  expect(await refused(made.token)).toMatch(/^The join token ended at/);
  const withdrawn = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  await withdrawJoinToken({ ctx: admin, input: { id: withdrawn.id } });
  expect(await refused(withdrawn.token)).toMatch(/^The join token is not known/);
  expect(await refused("kwj_nonsense")).toMatch(/^The join token is not known/);
  const gone = await newCluster("gone");
  const { token } = await makeJoinToken({ ctx: admin, input: { cluster: gone } });
  await removeCluster({ ctx: admin, input: { id: gone } });
  expect(await refused(token)).toMatch(/^The join token/);
});

test("whoever may not withdraw a token is on the record, and the token stays", async () => {
  const { id, token } = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  const before = await lastEventNo(installation);
  const actor = { kind: "application", id: randomUUID(), name: "reader", consoleRole: "auditor" } as const;
  await expect(withdrawJoinToken({ ctx: { ...admin, actor }, input: { id } })).rejects.toMatchObject({
    code: "permission_denied",
  });
  expect(await readEvents(installation, before)).toMatchObject([
    { operation: "Withdraw", status: "Failed", entityType: "TunnelAgent", entityId: id, actorName: "reader" },
  ]);
  await joinAgent({ ctx: from(), input: await input(token) });
});

test("an address that tries tokens is told to wait, also with the right one", async () => {
  const { token } = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  const guesser = from();
  const guess = { ctx: guesser, input: await input(`kwj_${"a".repeat(43)}`) };
  for (let at = 0; at < 20; at++)
    await expect(joinAgent(guess)).rejects.toMatchObject({ code: "unauthenticated" });
  const right = await input(token);
  await expect(joinAgent({ ctx: guesser, input: right })).rejects.toMatchObject({
    code: "resource_exhausted",
  });
  await joinAgent({ ctx: from(), input: right });
});

test("a request for a certificate that its own key did not sign is refused, and the token stays", async () => {
  const { token } = await makeJoinToken({ ctx: admin, input: { cluster: clusterId } });
  const good = await input(token);
  const bytes = Buffer.from(good.certificateRequest.replace(/-----[^-]+-----/g, ""), "base64");
  bytes[bytes.length - 3]! ^= 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  for (const certificateRequest of [forged, "nonsense"]) {
    await expect(joinAgent({ ctx: from(), input: { ...good, certificateRequest } })).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "certificateRequest" }],
    });
  }
  await expect(joinAgent({ ctx: from(), input: { ...good, tags: ["two words"] } })).rejects.toMatchObject({
    code: "invalid_argument",
    details: [{ field: "tags.0" }],
  });
  await joinAgent({ ctx: from(), input: good });
});

test("a name is taken from an agent that is away, not from one that is connected", async () => {
  const first = await join({ name: "named" });
  const second = await join({ name: "named" });
  expect(second.agentId).not.toBe(first.agentId);
  await registry.reload();
  await expect(authenticateAgent(from(), { proof: first.proof(), purpose: "connect" })).rejects.toThrow(
    /^The agent was revoked/,
  );
  const process = { instance: "pod", hub: "replica", process: "gateway-1", version: "0.1.0", tags: [] };
  await logConnect(from(), { agentId: second.agentId, ...process });
  await expect(join({ name: "named" })).rejects.toMatchObject({
    code: "conflict",
    details: [{ field: "name" }],
  });
  expect((await join()).name).toMatch(/^agent-\d+$/);
});

test("a proof shows its agent once, for one purpose, of a cluster that is there", async () => {
  const agent = await join({ tags: ["eu"] });
  const proof = agent.proof();
  const shown = await authenticateAgent(from(), { proof, purpose: "connect" });
  expect(shown).toMatchObject({ id: agent.agentId, clusterId, tags: ["eu"] });
  const refused = (text: string, purpose: "connect" | "renew" = "connect") =>
    authenticateAgent(from(), { proof: text, purpose }).then(
      () => "let in",
      ({ code, message }) => `${code}: ${message}`,
    );
  expect(await refused(proof)).toBe("unauthenticated: The proof was used already.");
  expect(await refused(agent.proof("connect"), "renew")).toMatch(/not for: renew/);
  expect(await refused(agent.proof("connect", Date.now() - 600_000))).toMatch(/clocks/);
  const { key } = await agentKey();
  const { agentId, audience, certificate } = agent;
  expect(await refused(createProof({ agentId, audience, purpose: "connect", certificate, key }))).toMatch(
    /not signed by the certificate's key/,
  );
  const other = await createAuthority("Kubewitness agents");
  const foreign = { agentId, audience, purpose: "connect" as const, certificate: other.certificate, key };
  expect(await refused(createProof(foreign))).toMatch(/not of this installation's authority/);
});

test("a proof counts once, also where the database's clock is ahead of the gateway's", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 600_000 });
  try {
    const agent = await join();
    const proof = agent.proof();
    await authenticateAgent(from(), { proof, purpose: "connect" });
    await expect(authenticateAgent(from(), { proof, purpose: "connect" })).rejects.toThrow(/used already/);
  } finally {
    vi.useRealTimers();
  }
});

test("an agent whose clock is wrong is refused by name, and keeps nobody at its address out", async () => {
  const [wrong, right] = [await join({ name: "wrong-clock" }), await join()];
  const ctx = from();
  const before = await lastEventNo(installation);
  for (let at = 0; at < 25; at++) {
    const proof = wrong.proof("connect", Date.now() - 600_000);
    await expect(authenticateAgent(ctx, { proof, purpose: "connect" })).rejects.toThrow(/clocks/);
  }
  await authenticateAgent(ctx, { proof: right.proof(), purpose: "connect" });
  const events = await readEvents(installation, before);
  expect(events).toHaveLength(3);
  expect(events[0]).toMatchObject({ status: "Failed", entityType: "TunnelAgent", entityName: "wrong-clock" });
});

test("after a renewal both certificates count, after a revocation none does, and processes hear of it", async () => {
  const agent = await join({ name: "renewed" });
  const { certificateRequest, key } = await agentKey();
  const shown = await authenticateAgent(from(), { proof: agent.proof("renew"), purpose: "renew" });
  const before = await lastEventNo(installation);
  const next = await renewCertificate({ ctx: from(), input: { agentId: shown.id, certificateRequest } });
  expect(await readEvents(installation, before)).toMatchObject([
    { operation: "Rotate", entityType: "TunnelAgent", entityName: "renewed" },
  ]);
  const newProof = () =>
    createProof({ ...next, agentId: agent.agentId, purpose: "connect", key, now: Date.now() });
  await authenticateAgent(from(), { proof: newProof(), purpose: "connect" });
  await authenticateAgent(from(), { proof: agent.proof(), purpose: "connect" });

  await revokeAgent({ ctx: admin, input: { id: agent.agentId, reason: "lost" } });
  await vi.waitFor(
    () => expect(agentsOfCluster(clusterId).map(({ id }) => id)).not.toContain(agent.agentId),
    { timeout: 15_000 },
  );
  for (const proof of [newProof(), agent.proof()]) {
    await expect(authenticateAgent(from(), { proof, purpose: "connect" })).rejects.toThrow(
      /^The agent was revoked/,
    );
  }
  await expect(
    renewCertificate({ ctx: from(), input: { agentId: agent.agentId, certificateRequest } }),
  ).rejects.toMatchObject({ code: "permission_denied" });
});

test("agents go with their cluster", async () => {
  const cluster = await newCluster("removed");
  const agent = await join({ cluster });
  await removeCluster({ ctx: admin, input: { id: cluster } });
  await vi.waitFor(() => expect(agentsOfCluster(cluster)).toEqual([]), { timeout: 15_000 });
  await expect(authenticateAgent(from(), { proof: agent.proof(), purpose: "connect" })).rejects.toThrow(
    /^The agent was revoked/,
  );
});
