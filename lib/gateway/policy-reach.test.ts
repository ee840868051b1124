import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../test/installation.ts";
import { createGrant, revokeGrant, updateGrant } from "../access/grants/mutations.ts";
import {
  approveAccessRequest,
  createAccessRequest,
  endAccessRequest,
} from "../access/requests/changes/mutations.ts";
import { readAccessRequest } from "../access/requests/data.ts";
import { createRole, replaceRole, updateBuiltInRoles } from "../access/roles/mutations.ts";
import { registerCluster, removeCluster } from "../clusters/mutations.ts";
import { type Context, systemContext } from "../context.ts";
import { createPerson, setPersonEnabled, updatePersonGroups } from "../identity/people/mutations.ts";
import { issueToken } from "../identity/tokens/mutations.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { testCertificates } from "./testing/certificates.ts";

// Two gateways that share nothing but the database, and real sockets: what runs on either ends with what allowed it.

const ctx = systemContext("test");
const CHANGED = "the role that allowed it changed, and with it the identity in the cluster; begin again";
const REVOKED = "access was revoked";

interface Replica {
  port: number;
  ca: string;
  close(): Promise<void>;
}

let installation: TestInstallation;
let api: ApiServer;
let replicas: Replica[];
let folder: string;
let made = 0;

beforeAll(async () => {
  installation = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-replicas-"));
  await updateBuiltInRoles({ ctx });
  [api, replicas] = await Promise.all([
    startApiServer(),
    Promise.all([startReplica("a"), startReplica("b")]),
  ]);
  api.onRequest = (request, response) => {
    if (request.url?.includes("watch")) response.write("{}\n");
    else response.end("{}");
  };
}, 120_000);
afterAll(async () => {
  await Promise.all(replicas.map((each) => each.close()));
  await api.close();
  await installation.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startReplica(name: string): Promise<Replica> {
  const config = { ...installation.config, data: path.join(folder, name) };
  const worker = new Worker(new URL("./testing/replica.ts", import.meta.url), {
    workerData: { config, url: installation.url },
    execArgv: [],
  });
  const [{ port, ca }] = await once(worker, "message");
  return {
    port,
    ca,
    async close() {
      const ended = once(worker, "exit");
      worker.postMessage("close");
      await ended;
    },
  };
}

interface Person {
  id: string;
  ctx: Context;
  token: string;
  cluster: { id: string; name: string };
  /** The cluster's role that is hers alone, and the grant of it to her group. */
  role: { id: string; name: string };
  grantId: string;
}

const documentOf = (name: string, group: string) => `apiVersion: kubewitness.io/v1
kind: Role
metadata: {name: ${name}}
spec:
  rules: [{effect: allow, apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}]
  kubernetes: {groups: ["${group}"]}
`;

/** Somebody with a cluster and a role of her own, granted to a group of her own. */
async function aPerson(): Promise<Person> {
  const name = `p${++made}`;
  const group = `${name}-group`;
  const email = `${name}@acme.example`;
  const { id } = await createPerson({ ctx, input: { email, name, groups: [group] } });
  const { ca } = await testCertificates();
  const credential = { kind: "token", token: `credential-of-${name}` } as const;
  const endpoint = api.upstream.endpoint.origin;
  const cluster = await registerCluster({
    ctx,
    input: { name, endpoint, certificateAuthority: ca, credential },
  });
  const role = await createRole({ ctx, input: { yaml: documentOf(`role-${name}`, "viewers") } });
  const grant = await createGrant({
    ctx,
    input: { role: role.name, subjectKind: "group", subject: group, cluster: name },
  });
  const { token } = await issueToken({ ctx, input: { name: "test", userId: id } });
  const actor = {
    kind: "user" as const,
    id,
    name,
    email,
    consoleRole: "user" as const,
    groups: [],
    groupIds: [],
  };
  return { id, ctx: { ...ctx, actor }, token, cluster: { id: cluster.id, name }, role, grantId: grant.id };
}

/** A watch through a replica, once the person may have it there. */
async function openWatch({ port, ca }: Replica, { token, cluster }: Person): Promise<TLSSocket> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const request = https.get({
      host: "127.0.0.1",
      port,
      ca,
      agent: false,
      headers: { Authorization: `Bearer ${token}` },
      path: `/k8s/clusters/${cluster.name}/api/v1/pods?watch=true`,
    });
    const [response] = await once(request, "response");
    if (response.statusCode === 200) {
      await once(response, "data");
      response.on("error", () => undefined).resume();
      return response.socket as TLSSocket;
    }
    response.resume();
    if (Date.now() > deadline) throw new Error(`a watch was answered ${response.statusCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Until a replica has heard that nothing allows it any more: what it lets begin before would be the former grant's. */
async function refused({ port, ca }: Replica, { token, cluster }: Person): Promise<void> {
  const status = async () => {
    const path = `/k8s/clusters/${cluster.name}/api/v1/pods`;
    const headers = { Authorization: `Bearer ${token}` };
    const request = https.get({ host: "127.0.0.1", port, ca, agent: false, headers, path });
    const [response] = await once(request, "response");
    response.resume();
    return response.statusCode;
  };
  await expect.poll(status, { timeout: 15_000 }).toBe(403);
}

async function ended(socket: TLSSocket): Promise<void> {
  if (!socket.destroyed) await once(socket, "close", { signal: AbortSignal.timeout(20_000) });
}

async function endMessages({ cluster }: Person): Promise<(string | null)[]> {
  const { rows } = await installation.pool.query<{ message: string | null }>(
    `select r.message from kube_request r join audit_cluster c on c.id = r.cluster_id where r.stage = 2 and c.name = $1`,
    [cluster.name],
  );
  return rows.map(({ message }) => message);
}

describe("what runs on any replica ends, and its row says why", () => {
  const ways: [string, (person: Person) => Promise<unknown>, string][] = [
    ["its grant is revoked", ({ grantId }) => revokeGrant({ ctx, input: { id: grantId } }), REVOKED],
    [
      "its grant is revoked, and another role would allow it",
      async ({ id, grantId, cluster }) => {
        const to = { subjectKind: "user" as const, subject: id, cluster: cluster.name };
        await createGrant({ ctx, input: { ...to, role: "read-only" } });
        await revokeGrant({ ctx, input: { id: grantId } });
      },
      REVOKED,
    ],
    [
      "its role makes it somebody else in the cluster",
      ({ role }) =>
        replaceRole({ ctx, input: { id: role.id, version: 1, yaml: documentOf(role.name, "others") } }),
      CHANGED,
    ],
    [
      "its person leaves the group",
      ({ id }) => updatePersonGroups({ ctx, input: { id, groups: [] } }),
      REVOKED,
    ],
    ["its person is disabled", ({ id }) => setPersonEnabled({ ctx, input: { id, enabled: false } }), REVOKED],
    ["its cluster is removed", ({ cluster }) => removeCluster({ ctx, input: { id: cluster.id } }), REVOKED],
    [
      "its grant is given an end that comes",
      ({ grantId }) =>
        updateGrant({
          ctx,
          input: { id: grantId, expiresAt: new Date(Date.now() + 5_000).toISOString() },
        }),
      "access expired",
    ],
  ];

  test.each(ways)("where %s", async (_what, change, why) => {
    const [person, other] = [await aPerson(), await aPerson()];
    const watches = await Promise.all(replicas.map((replica) => openWatch(replica, person)));
    const others = await Promise.all(replicas.map((replica) => openWatch(replica, other)));
    await change(person);
    await Promise.all(watches.map(ended));
    expect(others.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    for (const watch of others) watch.destroy();
    await expect
      .poll(() => endMessages(person), { timeout: 15_000 })
      .toEqual([`Watch ended: ${why}`, `Watch ended: ${why}`]);
  });

  test("where the request that it was made under ends, whose calls have its id", async () => {
    const person = await aPerson();
    await revokeGrant({ ctx, input: { id: person.grantId } });
    await Promise.all(replicas.map((replica) => refused(replica, person)));
    const requests = { requestable: true, approverRoles: [] };
    await installation.prisma.role.update({ where: { id: person.role.id }, data: { requests } });
    const { id } = await createAccessRequest({
      ctx: person.ctx,
      input: { role: person.role.name, cluster: person.cluster.name, durationMs: 3_600_000, reason: "INC-1" },
    });
    await approveAccessRequest({ ctx, input: { id } });
    const watches = await Promise.all(replicas.map((replica) => openWatch(replica, person)));
    await endAccessRequest({ ctx: person.ctx, input: { id } });
    await Promise.all(watches.map(ended));
    const rows = async () => {
      const { rows } = await installation.pool.query(
        `select r.grant_id, d.value as origin from kube_request r join audit_dictionary d on d.id = r.grant_origin_id
         where r.stage = 2 and r.grant_id = $1`,
        [id],
      );
      return rows;
    };
    const row = { grant_id: id, origin: "request" };
    await expect.poll(rows, { timeout: 15_000 }).toEqual([row, row]);
    expect((await readAccessRequest({ ctx: person.ctx, id })).state).toBe("ended");
  });
});

test("a grant's last use is kept to the minute, by whatever replica it was", async () => {
  const person = await aPerson();
  const watch = await openWatch(replicas[1]!, person);
  watch.destroy();
  // Each replica writes down what it noted when it ends, too; the test's own process noted nothing.
  await replicas[1]!.close();
  replicas.splice(1, 1);
  const { lastUsedAt } = await installation.prisma.grant.findUniqueOrThrow({ where: { id: person.grantId } });
  expect(lastUsedAt).not.toBeNull();
  expect(lastUsedAt!.getTime() % 60_000).toBe(0);
  expect(Date.now() - lastUsedAt!.getTime()).toBeLessThan(180_000);
});
