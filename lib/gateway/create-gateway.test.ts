import { once } from "node:events";
import https from "node:https";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../test/installation.ts";
import { createGrant, revokeGrant } from "../access/grants/mutations.ts";
import { registerCluster, removeCluster } from "../clusters/mutations.ts";
import { systemContext } from "../context.ts";
import { createPerson, setPersonEnabled, updatePersonGroups } from "../identity/people/mutations.ts";
import { issueToken, revokeToken } from "../identity/tokens/mutations.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { testCertificates } from "./testing/certificates.ts";
import { type HouseGateway, startHouseGateway } from "./testing/house-gateway.ts";
import { send } from "./testing/request.ts";

// The gateway on the house's own services: identity, access, clusters and the audit pipeline, on a real PostgreSQL.

const ctx = systemContext("test");
let installation: TestInstallation;
let api: ApiServer;
let gateway: HouseGateway;
let port: number;
let ca: string;

beforeAll(async () => {
  ({ ca } = await testCertificates());
  installation = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  [api, gateway] = await Promise.all([startApiServer(), startHouseGateway(installation)]);
  port = gateway.port;
});
beforeEach(() => {
  api.seen.length = 0;
});
afterAll(async () => {
  await gateway.close();
  await api.close();
  await installation.close();
});

interface Person {
  id: string;
  cluster: { id: string; name: string };
  grantId: string;
  token: string;
  tokenId: string;
}

let people = 0;

/** A person with a token and, through a group of her own, read access to a cluster of her own. */
async function aPerson(role = "read-only"): Promise<Person> {
  const name = `p${++people}`;
  const person = await createPerson({
    ctx,
    input: { name, email: `${name}@example.com`, groups: [`${name}-group`] },
  });
  const endpoint = api.upstream.endpoint.origin;
  const credential = { kind: "token", token: `credential-of-${name}` } as const;
  const cluster = await registerCluster({
    ctx,
    input: { name, endpoint, certificateAuthority: ca, credential },
  });
  const grant = await createGrant({
    ctx,
    input: { role, subjectKind: "group", subject: `${name}-group`, cluster: name, namespaces: [] },
  });
  const { token, id: tokenId } = await issueToken({ ctx, input: { name: "test", userId: person.id } });
  const reachable = async () => (await send({ port, path: `${name}/api/v1/pods`, token })).status === 200;
  await eventually(reachable, "the grant to count");
  return { id: person.id, cluster: { id: cluster.id, name }, grantId: grant.id, token, tokenId };
}

async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a call's row is in PostgreSQL, with who, where, what and the outcome", async () => {
  const { cluster, token } = await aPerson("developer");
  const body = JSON.stringify({
    kind: "Secret",
    metadata: { name: "s" },
    stringData: { password: "hunter2hunter2" },
  });
  const answer = await send({
    port,
    token,
    method: "POST",
    body,
    path: `${cluster.name}/api/v1/namespaces/shop/secrets`,
    headers: { "Content-Type": "application/json", "User-Agent": "kubectl/v1.32.4 (linux/amd64)" },
  });
  expect(answer.status).toBe(200);
  expect(api.seen.at(-1)?.headers).toMatchObject({
    authorization: `Bearer credential-of-${cluster.name}`,
    "impersonate-user": `${cluster.name}@example.com`,
    "impersonate-group": "kubewitness:developer",
  });
  const rows = () =>
    installation.pool.query(
      `select d.value as resource, r.http_status, r.stage, r.result, a.email, c.name as cluster, b.body, b.body_bytes
       from kube_request r join audit_dictionary d on d.id = r.resource_id join audit_actor a on a.id = r.actor_id
       join audit_cluster c on c.id = r.cluster_id
       left join kube_request_body b using (executed_at, ledger_id, no)
       where c.name = $1 and d.value = 'secrets'`,
      [cluster.name],
    );
  await eventually(async () => (await rows()).rowCount === 1, "the row");
  const [row] = (await rows()).rows;
  expect(row).toMatchObject({ http_status: 200, result: 1, stage: 0, email: `${cluster.name}@example.com` });
  expect(row.body).toContain("name: s");
  expect(row.body).not.toContain("hunter2");
  expect(Number(row.body_bytes)).toBe(body.length);
});

describe("what a person runs ends with her access, within seconds", () => {
  const ways: [string, (person: Person) => Promise<unknown>][] = [
    ["her token is revoked", ({ tokenId }) => revokeToken({ ctx, input: { id: tokenId } })],
    ["her grant is revoked", ({ grantId }) => revokeGrant({ ctx, input: { id: grantId } })],
    ["she is disabled", ({ id }) => setPersonEnabled({ ctx, input: { id, enabled: false } })],
    ["she leaves the group", ({ id }) => updatePersonGroups({ ctx, input: { id, groups: [] } })],
    ["the cluster is removed", ({ cluster }) => removeCluster({ ctx, input: { id: cluster.id } })],
  ];
  test.each(ways)("%s", async (_what, revoke) => {
    const person = await aPerson();
    const other = await aPerson();
    const [watch, othersWatch] = await Promise.all([openWatch(person), openWatch(other)]);
    await revoke(person);
    await eventually(async () => watch.destroyed, "the watch's end");
    expect(othersWatch.destroyed).toBe(false);
    othersWatch.destroy();
    // The watch may end a moment before the table of grants is read anew.
    const again = () => send({ port, path: `${person.cluster.name}/api/v1/pods`, token: person.token });
    await eventually(
      async () => [401, 403, 404].includes((await again()).status),
      "the refusal of new calls",
    );
  });
});

test("a watch ends with the role that it began with, though another role would allow it", async () => {
  const person = await aPerson("developer");
  const { name } = person.cluster;
  await createGrant({
    ctx,
    input: { role: "read-only", subjectKind: "user", subject: person.id, cluster: name, namespaces: [] },
  });
  const watch = await openWatch(person);
  expect(api.seen.at(-1)?.headers["impersonate-group"]).toBe("kubewitness:developer");
  await updatePersonGroups({ ctx, input: { id: person.id, groups: [] } });
  await eventually(async () => watch.destroyed, "the watch's end");
  const again = () => send({ port, path: `${name}/api/v1/pods`, token: person.token });
  await eventually(async () => {
    const { status } = await again();
    return status === 200 && api.seen.at(-1)?.headers["impersonate-group"] === "kubewitness:read-only";
  }, "the other role");
});

test("watches end when their grant does, by the clock, and when their role's groups change", async () => {
  const [lapsing, changing, other] = await Promise.all([
    aPerson(),
    aPerson("read-only"),
    aPerson("read-only"),
  ]);
  const kept = await openWatch(other);
  const expiresAt = new Date(Date.now() + 12_000).toISOString();
  const byName = { subjectKind: "user" as const, cluster: null, namespaces: ["shop"] };
  await createGrant({ ctx, input: { ...byName, role: "developer", subject: lapsing.id, expiresAt } });
  const role = await installation.pool.query(
    "insert into roles (name, rules, kubernetes_groups) select 'viewers', rules, '{viewers}' from roles where name = 'read-only'",
  );
  expect(role.rowCount).toBe(1);
  await createGrant({ ctx, input: { ...byName, role: "viewers", subject: changing.id } });
  const runsAs = (group: string) => async () => api.seen.at(-1)?.headers["impersonate-group"] === group;
  const path = "api/v1/namespaces/shop/pods";
  for (const [{ cluster, token }, group] of [
    [lapsing, "kubewitness:developer"],
    [changing, "viewers"],
  ] as const) {
    await eventually(async () => {
      await send({ port, path: `${cluster.name}/${path}`, token });
      return runsAs(group)();
    }, `the role of ${group}`);
  }
  const watches = await Promise.all([openWatch(lapsing, path), openWatch(changing, path)]);
  // No notification: the poll finds it.
  await installation.pool.query(
    "update roles set kubernetes_groups = '{others}', updated_at = now() where name = 'viewers'",
  );
  await eventually(async () => watches.every(({ destroyed }) => destroyed), "the watches' ends");
  expect(kept.destroyed).toBe(false);
  kept.destroy();
  const messages = async () => {
    const { rows } = await installation.pool.query<{ name: string; message: string }>(
      `select c.name, r.message from kube_request r join audit_cluster c on c.id = r.cluster_id
       where r.stage = 2 and c.name = any($1) order by c.name`,
      [[lapsing.cluster.name, changing.cluster.name]],
    );
    return rows;
  };
  await eventually(async () => (await messages()).length === 2, "the rows");
  expect(new Map((await messages()).map(({ name, message }) => [name, message]))).toEqual(
    new Map([
      [lapsing.cluster.name, "Watch ended: access expired"],
      [
        changing.cluster.name,
        "Watch ended: the role that allowed it changed, and with it the identity in the cluster; begin again",
      ],
    ]),
  );
});

test("a watch goes on when another role comes that would be named first", async () => {
  const person = await aPerson("read-only");
  const { name } = person.cluster;
  const watch = await openWatch(person);
  await createGrant({
    ctx,
    input: { role: "developer", subjectKind: "user", subject: person.id, cluster: name, namespaces: [] },
  });
  const again = () => send({ port, path: `${name}/api/v1/pods`, token: person.token });
  await eventually(async () => {
    await again();
    return api.seen.at(-1)?.headers["impersonate-group"] === "kubewitness:developer";
  }, "the other role");
  // Another's end asks of every call under way.
  const other = await aPerson();
  const othersWatch = await openWatch(other);
  await updatePersonGroups({ ctx, input: { id: other.id, groups: [] } });
  await eventually(async () => othersWatch.destroyed, "the other watch's end");
  expect(watch.destroyed).toBe(false);
  watch.destroy();
});

async function openWatch({ cluster, token }: Person, path = "api/v1/pods") {
  api.onRequest = (request, response) => {
    if (request.url?.includes("watch")) response.write("{}\n");
    else response.end("{}");
  };
  const request = https.get({
    host: "127.0.0.1",
    port,
    ca,
    agent: false,
    headers: { Authorization: `Bearer ${token}` },
    path: `/k8s/clusters/${cluster.name}/${path}?watch=true`,
  });
  const [response] = await once(request, "response");
  response.on("error", () => undefined);
  await once(response, "data");
  return response.resume() as import("node:http").IncomingMessage;
}

describe("a key with bounds", () => {
  const rowsOf = (tokenId: string) =>
    installation.pool.query("select http_status, message from kube_request where token_id = $1", [tokenId]);

  test("calls no cluster without the scope for it, which is on the record", async () => {
    const { id: userId, cluster } = await aPerson();
    const issue = (scopes: ("audit:read" | "kubernetes")[]) =>
      issueToken({ ctx, input: { name: "key", userId, scopes } });
    const path = `${cluster.name}/api/v1/pods`;
    const before = api.seen.length;
    const reads = await issue(["audit:read"]);
    const refused = await send({ port, path, token: reads.token });
    expect(refused.status).toBe(403);
    expect(JSON.parse(String(refused.body)).message).toContain('no scope "kubernetes"');
    expect(api.seen.length).toBe(before);
    await eventually(async () => (await rowsOf(reads.id)).rowCount === 1, "the refusal's row");
    expect((await rowsOf(reads.id)).rows).toEqual([
      { http_status: 403, message: expect.stringContaining('no scope "kubernetes"') },
    ]);
    expect((await send({ port, path, token: (await issue(["kubernetes"])).token })).status).toBe(200);
  });

  test("counts from its networks alone, whatever X-Forwarded-For says", async () => {
    const { id: userId, cluster } = await aPerson();
    const path = `${cluster.name}/api/v1/pods`;
    const bound = await issueToken({ ctx, input: { name: "key", userId, networks: ["10.0.0.0/8"] } });
    const headers = { "X-Forwarded-For": "10.1.2.3", "X-Real-IP": "10.1.2.3", Forwarded: "for=10.1.2.3" };
    const refused = await send({ port, path, token: bound.token, headers });
    expect(refused.status).toBe(401);
    expect(JSON.parse(String(refused.body)).message).toContain("does not count from 127.0.0.1");
    const here = await issueToken({ ctx, input: { name: "key", userId, networks: ["127.0.0.0/8"] } });
    expect((await send({ port, path, token: here.token })).status).toBe(200);
  });
});
