import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GET as exportEvents } from "../../app/api/v1/event-history/export/route.ts";
import { GET as exportRequests } from "../../app/api/v1/request-audit/export/route.ts";
import { GET as k8sAudit } from "../../app/v1/k8s/audit/route.ts";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { systemContext } from "../../lib/context.ts";
import { type ApiServer, startApiServer } from "../../lib/gateway/testing/api-server.ts";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { type HouseGateway, startHouseGateway } from "../../lib/gateway/testing/house-gateway.ts";
import { exchange } from "../../lib/gateway/testing/raw-client.ts";
import { send } from "../../lib/gateway/testing/request.ts";
import { webSocketHead } from "../../lib/gateway/testing/upgrade-heads.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { log } from "../../lib/log.ts";
import { createApiClient } from "../audit/api-client.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";
import fc from "../properties.ts";

// Secrets are sent in every way that kubectl has; then everything that is kept is searched for them: all tables, all files
// of the data folder with the journal, the log at its finest level, exports and the classic log.

const ctx = systemContext("test");
const base64 = (text: string) => Buffer.from(text).toString("base64");
/** One secret a way, so that a failure says which leaked. */
const SECRETS = Object.fromEntries(
  [
    ...["json", "data", "yaml", "gzip", "apply", "mergePatch", "jsonPatch", "lastApplied", "kubeconfig"],
    ...["tokenAnswer", "execArgument", "cookie", "wrongToken", "clusterCredential", "basicPassword"],
    ...["containerArgument", "numberedPatch", "userAgent", "filter", "helm"],
  ].map((way) => [way, `planted-${way}-${base64(way).replaceAll("=", "")}-9f8e7d6c5b4a`]),
);
const secret = (way: string): string => {
  const value = SECRETS[way];
  if (value === undefined) throw new Error(`no secret is called ${way}`);
  return value;
};

let installation: TestInstallation;
let gateway: HouseGateway;
let api: ApiServer;
let port: number;
/** What the cluster says of a path, in place of doing it. */
const refusals = new Map<string, string>();
let token: string;
const logged: string[] = [];

beforeAll(async () => {
  catchLog();
  installation = await createTestInstallation({
    KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
    KUBEWITNESS_AUDIT_REDACT_EXEC_ARGUMENTS: "planted-containerArgument\\S*",
  });
  const { ca } = await testCertificates();
  api = await startApiServer();
  api.onRequest = (request, response) => {
    request.resume();
    response.setHeader("Content-Type", "application/json");
    const refusal = refusals.get(request.url ?? "");
    if (refusal !== undefined) {
      response.statusCode = 422;
      response.end(JSON.stringify({ kind: "Status", status: "Failure", message: refusal, code: 422 }));
      return;
    }
    const created = { kind: "TokenRequest", status: { token: secret("tokenAnswer") } };
    response.end(request.url?.endsWith("/token") ? JSON.stringify(created) : '{"kind":"Status"}');
  };
  gateway = await startHouseGateway(installation);
  port = gateway.port;
  token = await makePersonWithAccess(ca);
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await api.close();
  await installation.close();
});

/** What the process logs from here on, at the finest level. */
function catchLog(): void {
  const stream: { write(line: string): void } = Reflect.get(log, pino.symbols.streamSym);
  stream.write = (line) => void logged.push(line);
  log.level = "trace";
}

async function makePersonWithAccess(certificateAuthority: string): Promise<string> {
  const credential = { kind: "token", token: secret("clusterCredential") } as const;
  const endpoint = api.upstream.endpoint.origin;
  await registerCluster({ ctx, input: { name: "prod", endpoint, certificateAuthority, credential } });
  const person = await createPerson({ ctx, input: { name: "Ada", email: "ada@acme.example" } });
  const subject = { subjectKind: "user", subject: person.id } as const;
  await createGrant({ ctx, input: { role: "cluster-admin", ...subject, cluster: "prod" } });
  const issued = await issueToken({ ctx, input: { name: "test", userId: person.id } });
  await eventually(
    async () => (await send({ port, path: "prod/version", token: issued.token })).status === 200,
  );
  return issued.token;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const object = (fields: object) => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...fields });

const podWith = (argument: string) => ({
  kind: "Pod",
  spec: { containers: [{ name: "c", command: ["migrate", argument], args: [`--x ${argument}`] }] },
});
const widgetWith = (value: string) => ({ spec: { passwords: [value], token: { deep: [value] } } });
/** As Helm keeps a release where its driver is `configmap`. */
const helmRelease = (value: string) => ({
  kind: "ConfigMap",
  metadata: { name: "sh.helm.release.v1.a.v1", labels: { owner: "helm" } },
  data: { release: gzipSync(JSON.stringify({ config: { value } })).toString("base64") },
});

/** Method, path below the cluster, headers and body of each call, in the order in which they are made. */
function callsWithSecrets(): [string, string, Record<string, string>, string | Buffer | undefined][] {
  const secrets = "prod/api/v1/namespaces/shop/secrets";
  const json = { "Content-Type": "application/json" };
  const patch = (kind: string) => ({ "Content-Type": `application/${kind}` });
  const text = JSON.stringify;
  const lastApplied = text(object({ stringData: { password: secret("lastApplied") } }));
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": lastApplied };
  const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- user:\n    token: ${secret("kubeconfig")}\n`;
  const yaml = `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: ${secret("yaml")}\n`;
  const operation = { op: "replace", path: "/data/password", value: base64(secret("jsonPatch")) };
  const configMap = { kind: "ConfigMap", metadata: { name: "c" }, data: { "admin.conf": kubeconfig } };
  return [
    ["POST", secrets, json, text(object({ stringData: { password: secret("json") } }))],
    ["PUT", `${secrets}/s`, json, text(object({ data: { password: base64(secret("data")) } }))],
    ["POST", secrets, { "Content-Type": "application/yaml" }, yaml],
    [
      ...(["POST", secrets, { ...json, "Content-Encoding": "gzip" }] as const),
      gzipSync(text(object({ stringData: { password: secret("gzip") } }))),
    ],
    [
      ...(["PATCH", `${secrets}/s`, patch("apply-patch+yaml")] as const),
      text(object({ stringData: { password: secret("apply") } })),
    ],
    [
      ...(["PATCH", `${secrets}/s`, patch("strategic-merge-patch+json")] as const),
      text({ stringData: { p: secret("mergePatch") } }),
    ],
    ["PATCH", `${secrets}/s`, patch("json-patch+json"), text([operation])],
    ["PUT", `${secrets}/s`, json, text(object({ metadata: { name: "s", annotations } }))],
    ["POST", "prod/api/v1/namespaces/shop/configmaps", json, text(configMap)],
    ["POST", "prod/api/v1/namespaces/shop/pods", json, text(podWith(secret("containerArgument")))],
    [
      "PATCH",
      "prod/apis/x.io/v1/widgets/w",
      patch("merge-patch+json"),
      text(widgetWith(secret("numberedPatch"))),
    ],
    ["POST", "prod/api/v1/namespaces/shop/configmaps", json, text(helmRelease(secret("helm")))],
    ["POST", "prod/api/v1/namespaces/shop/serviceaccounts/a/token", json, text({ kind: "TokenRequest" })],
    ["GET", "prod/api/v1/pods", { Cookie: `session=${secret("cookie")}` }, undefined],
    ["GET", "prod/api/v1/pods", { "X-Forwarded-User": secret("basicPassword") }, undefined],
    // A person's own token where it does not belong.
    ["GET", `prod/api/v1/namespaces/${token}/pods/${token}`, {}, undefined],
    ["GET", `prod/apis/${token}/v1/${token}`, { "User-Agent": `${token}/1.0` }, undefined],
    ["GET", "prod/api/v1/pods", { "Impersonate-User": token, "Impersonate-Group": token }, undefined],
  ];
}

test("no secret is in any table, file, log line or export", async () => {
  const calls = callsWithSecrets();
  for (const [method, target, headers, body] of calls) {
    const answer = await send({ port, token, method, path: target, headers, ...(body && { body }) });
    expect([target, answer.status]).toEqual([target, 200]);
  }
  expect((await send({ port, path: "prod/api/v1/pods", token: secret("wrongToken") })).status).toBe(401);
  expect((await send({ port, token, path: `${token}/api/v1/pods` })).status).toBe(404);
  const exec = `/api/v1/namespaces/shop/pods/p/exec?command=mysql&command=--password%3D${secret("execArgument")}`;
  await exchange(port, webSocketHead({ path: exec, token }));
  const made = `select count(*)::int as count from kube_request`;
  await eventually(async () => (await installation.pool.query(made)).rows[0].count > calls.length + 2);
  await eventually(async () => (await dumpTables()).includes("mysql"));

  const kept = {
    tables: await dumpTables(),
    files: dumpFiles(installation.config.data),
    log: logged.join(""),
    ...(await readSurfaces()),
  };
  // What is searched has what it should have: the names of what was changed.
  for (const part of [kept.tables, kept.files, kept.csv, kept.json]) expect(part).toContain("secrets");
  for (const name of ["password", "mysql"]) expect(kept.tables).toContain(name);
  expect(kept.events).toContain("KubernetesResource");
  expect(await dumpTables()).toContain("mysql --password=[redacted ");
  expect(kept.log).not.toBe("");
  const secrets = { ...SECRETS, personToken: token };
  for (const [where, text] of Object.entries(kept)) {
    for (const [way, value] of Object.entries(secrets)) {
      expect(
        formsOf(value).filter((form) => text.includes(form)),
        `${way} in ${where}`,
      ).toEqual([]);
    }
  }
}, 60_000);

/** How a cluster prints an object into an error. */
const PRINTED: ((name: string, value: string) => string)[] = [
  (name, value) => `core.EnvVar{Name:${JSON.stringify(name)}, Value:${JSON.stringify(value)}}`,
  (name, value) => JSON.stringify({ env: [{ name, value }] }),
  (_name, value) => JSON.stringify({ password: value }),
  (_name, value) => `map[string]string{"password":${JSON.stringify(value)}}`,
  (name, value) => `map[${name}:${value} user:a]`,
  (_name, value) => `&{a ${value} <nil>}`,
  (_name, value) => `[]string{"sh", "-c", "migrate --password ${value}"}`,
  (_name, value) => `["--token","${value}"]`,
  (_name, value) => JSON.stringify(JSON.stringify({ password: value })),
];

test("no secret that a cluster prints into an error is in any table, file, log line or export", async () => {
  const planted: string[] = [];
  const value = fc.stringMatching(/^[A-Za-z0-9!$%]{14,24}$/);
  const name = fc.stringMatching(/^[A-Z][A-Z_]{0,10}$/);
  const errors = fc.sample(fc.tuple(value, name, fc.constantFrom(...PRINTED), fc.boolean()), 60);
  for (const [index, [hidden, called, print, refused]] of errors.entries()) {
    const said = refused
      ? `Job.batch "j" is invalid: spec.template: Invalid value: ${print(called, hidden)}: field is immutable`
      : `admission webhook "v.acme.example" denied the request: ${print(called, hidden)} is not allowed`;
    planted.push(hidden);
    refusals.set(`/api/v1/namespaces/shop/pods/e${index}`, said);
    const answer = await send({
      port,
      token,
      method: "DELETE",
      path: `prod/api/v1/namespaces/shop/pods/e${index}`,
    });
    expect(JSON.parse(answer.body.toString()).message).toBe(said);
  }
  planted.push("s3cret-in-data-of-a-secret");
  refusals.set(
    "/api/v1/namespaces/shop/secrets/s",
    'Secret "s" is invalid: data[password]: Invalid value: "s3cret-in-data-of-a-secret": must be short',
  );
  await send({ port, token, method: "DELETE", path: "prod/api/v1/namespaces/shop/secrets/s" });
  await eventually(async () => {
    const { rows } = await installation.pool.query("select 1 from kube_request where http_status = 422");
    return rows.length === errors.length + 1;
  });
  const surfaces = await readSurfaces();
  const kept = {
    tables: await dumpTables(),
    files: dumpFiles(installation.config.data),
    log: logged.join(""),
    ...surfaces,
  };
  // Path and reason are there, in Event History and the classic log too.
  for (const part of Object.values(surfaces)) {
    expect(part).toMatch(/spec\.template: Invalid value: \[redacted \d+ bytes\]: field is immutable/);
    expect(part).toMatch(/data\[password\]: Invalid value: \[redacted \d+ bytes\]: must be short/);
  }
  for (const [where, text] of Object.entries(kept))
    expect([where, planted.filter((hidden) => text.includes(hidden))]).toEqual([where, []]);
}, 60_000);

/** A text as it may hide: as it is, in base64 at any of its three offsets, in hex, its middle alone. */
function formsOf(value: string): string[] {
  const inner = [0, 1, 2].map((offset) => base64(value.slice(offset)).slice(4, -4));
  return [value, ...inner, Buffer.from(value).toString("hex"), value.slice(8, -4)];
}

async function dumpTables(): Promise<string> {
  const { rows: tables } = await installation.pool.query<{ name: string }>(
    "select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_schema = 'public'",
  );
  expect(tables.length).toBeGreaterThan(20);
  const dumps: string[] = [];
  for (const { name } of tables) {
    const { rows } = await installation.pool.query(`select t::text as row from ${name} t`);
    dumps.push(name, ...rows.map(({ row }) => row));
  }
  return dumps.join("\n");
}

function dumpFiles(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => readFileSync(path.join(file.parentPath, file.name), "latin1")).join("\n");
}

/** What an auditor's program gets. */
async function readSurfaces(): Promise<Record<"filtered" | "csv" | "json" | "events" | "classic", string>> {
  const client = await createApiClient(`reader-${crypto.randomUUID()}`);
  const headers = { "user-agent": `curl/8 (https://${secret("userAgent")}@acme.example)` };
  const read = async (handler: typeof exportRequests, query: string) => {
    const answer = await client.get(handler, `/x?${query}`, { headers });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const filter = encodeURIComponent(`NOT command : "mysql --password=${secret("filter")}"`);
  return {
    filtered: await read(exportRequests, `from=now-1h&to=now&format=csv&filter=${filter}`),
    csv: await read(exportRequests, "from=now-1h&to=now&format=csv"),
    json: await read(exportRequests, "from=now-1h&to=now&format=json"),
    events: await read(exportEvents, "from=now-1h&to=now&format=ndjson"),
    classic: await read(k8sAudit, "limit=500"),
  };
}
