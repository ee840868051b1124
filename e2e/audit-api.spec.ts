import Papa from "papaparse";
import { AuditLogList, K8sAuditRecords } from "../lib/audit/log/schema.ts";
import { getApi } from "./support/audit-api.ts";
import { consoleUrl, demoApplication, personToken } from "./support/installation.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expect, test } from "./support/test.ts";

async function getJson(path: string, headers?: Record<string, string>) {
  const response = await getApi(path, headers);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function postToken(body: unknown): Promise<Response> {
  return fetch(`${consoleUrl()}/api/v1/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

test.describe("POST /api/v1/token", () => {
  test("gives a bearer token for either form of the grant", async () => {
    const { id, secret } = demoApplication();
    for (const grant of [
      { grantType: "app_token", AppId: id, AppSecret: secret },
      { grantType: "client_credentials", clientId: id, clientSecret: secret },
    ]) {
      const response = await postToken(grant);
      expect(response.status).toBe(200);
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      const { accessToken, tokenType, expiresIn } = await response.json();
      expect({ tokenType, expiresIn }).toEqual({ tokenType: "Bearer", expiresIn: expect.any(Number) });
      const headers = { Authorization: `Bearer ${accessToken}` };
      expect((await fetch(`${consoleUrl()}/v1/k8s/audit?limit=1`, { headers })).status).toBe(200);
    }
  });

  test("says no to a wrong secret, and records that", async () => {
    const { id } = demoApplication();
    const refused = await postToken({ grantType: "app_token", AppId: id, AppSecret: "wrong" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    const { body } = await getJson(`/v1/k8s/audit?action=Login&success=false&entity_id=${id}&limit=1`);
    expect(body[0]).toMatchObject({ action: "Login", entityName: "demo-reader", error: expect.any(String) });
  });

  test("names what a body has wrong", async () => {
    const response = await postToken({ grantType: "password" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "invalid_argument",
      details: [{ field: "grantType", takes: expect.stringContaining("app_token") }],
    });
  });
});

test.describe("GET /v1/k8s/audit", () => {
  test("answers the sample call: an array, newest first, marked as deprecated", async () => {
    const { status, headers, body } = await getJson("/v1/k8s/audit?start=2022-1-1", {
      accept: "application/json",
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(headers.get("deprecation")).toMatch(/^@\d+$/);
    expect(headers.get("link")).toBe('</api/v1/audit/log>; rel="successor-version"');
    const records = K8sAuditRecords.parse(body);
    expect(records.length).toBeGreaterThan(5);
    expect(records.length).toBeLessThanOrEqual(50);
    const times = records.map(({ happenedAt }) => Date.parse(happenedAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(body[0]).toMatchObject({
      tenantId: 1,
      version: "1.0",
      sourceType: expect.stringMatching(/^(User|Application)$/),
      sourceName: expect.any(String),
      context: expect.any(Object),
    });
  });

  test("pages with limit and offset", async () => {
    const window = "start=2022-01-01&end=2999-01-01&entity_type=Cluster&source_name=demo&action=Create";
    const { body: all } = await getJson(`/v1/k8s/audit?${window}`);
    const { body: rest } = await getJson("/v1/k8s/audit?source_name=demo&limit=5&offset=0");
    const { body: second } = await getJson("/v1/k8s/audit?source_name=demo&limit=2&offset=1");
    expect(all[0]).toMatchObject({ entityType: "Cluster", entityName: "demo", action: "Create" });
    expect(second).toEqual(rest.slice(1, 3));
  });

  test("filters by who acted, by the object and by what came of it", async () => {
    const { body } = await getJson("/v1/k8s/audit?entity_type=AccessGrant&source_name=demo&success=true");
    expect(body).toHaveLength(3);
    const [{ entityId, sourceName, sourceType }] = body;
    const narrowed = new URLSearchParams({ entity_id: entityId, source_name: sourceName });
    narrowed.set("source_type", sourceType);
    expect((await getJson(`/v1/k8s/audit?${narrowed}`)).body).toEqual([body[0]]);
    expect(
      (await getJson("/v1/k8s/audit?entity_type=AccessGrant&source_name=demo&success=false")).body,
    ).toEqual([]);
    expect((await getJson("/v1/k8s/audit?entity_type=Department")).body).toEqual([]);
  });

  test("downloads as logs.json", async () => {
    const { headers, body } = await getJson("/v1/k8s/audit?download=true&limit=3");
    expect(headers.get("content-disposition")).toBe('attachment; filename="logs.json"');
    expect(body).toHaveLength(3);
  });

  for (const [query, field, takes] of [
    ["limit=501", "limit", "1 to 500"],
    ["start=yesterday", "start", "yyyy-MM-dd"],
    ["source_type=Robot", "source_type", "User"],
    ["success=maybe", "success", "true"],
    ["cluster_uuid=demo", "cluster_uuid", "UUID"],
    ["colour=red", "colour", "documented parameters"],
  ] as const) {
    test(`names what is wrong with ${query}`, async () => {
      const { status, body } = await getJson(`/v1/k8s/audit?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining(field),
        details: [{ field, takes: expect.stringContaining(takes) }],
      });
    });
  }
});

test.describe("GET /api/v1/audit/log", () => {
  test("lists with total and next, sorted and filtered", async () => {
    const path =
      "/api/v1/audit/log?filterBy=entity_type==AccessGrant,source_name==demo&sortOrder=asc&sortBy=id";
    const { body } = await getJson(`${path}&numberOfSamples=2`);
    const first = AuditLogList.parse(body);
    expect({ total: first.total, next: first.next }).toEqual({ total: 3, next: 2 });
    const { body: rest } = await getJson(`${path}&numberOfSamples=2&offset=2`);
    expect(rest).toMatchObject({ total: 3, next: null });
    const ids = [...first.audit_logs, ...rest.audit_logs].map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(first.audit_logs[0]).toMatchObject({
      action: "Create",
      entity_type: "AccessGrant",
      result: "Succeeded",
      tenant_id: 1,
      timestamp: expect.stringMatching(/Z$/),
    });
  });

  test("takes every operator of filterBy", async () => {
    const count = async (filterBy: string) => {
      const query = new URLSearchParams({
        filterBy: `entity_type==AccessGrant,source_name==demo,${filterBy}`,
        numberOfSamples: "0",
      });
      return (await getJson(`/api/v1/audit/log?${query}`)).body.total;
    };
    expect(await count("action==Create")).toBe(3);
    expect(await count("action!=Create")).toBe(0);
    expect(await count("entity_name=@developer")).toBe(1);
    expect(await count("entity_name!@developer")).toBe(2);
    expect(await count("result=^Succ")).toBe(3);
    expect(await count("result=$eeded")).toBe(3);
    expect(await count("timestamp>=2022-01-01")).toBe(3);
    expect(await count("timestamp<=2022-01-01")).toBe(0);
  });

  test("is a file, as CSV and as JSON", async () => {
    const filter = "filterBy=entity_type==AccessGrant,source_name==demo";
    const csv = await getApi(`/api/v1/audit/log/file?file_type=CSV&${filter}`);
    expect(csv.headers.get("content-type")).toMatch(/^text\/csv/);
    expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename=".+\.csv"/);
    const table = Papa.parse<Record<string, string>>(await csv.text(), {
      header: true,
      skipEmptyLines: true,
    });
    expect(table.errors).toEqual([]);
    const json = await (await getApi(`/api/v1/audit/log/file?file_type=JSON&${filter}`)).json();
    expect(table.data.map(({ id }) => Number(id))).toEqual(json.map(({ id }: { id: number }) => id));
    expect(json).toHaveLength(3);
  });
});

test.describe("GET /api/v1/request-audit", () => {
  const name = ownName("api");
  const window = new URLSearchParams({ from: "2022-01-01T00:00:00Z", filter: `resourceName = "${name}"` });
  test.beforeAll(async () => {
    for (let call = 0; call < 5; call += 1)
      await kubectl(["-n", "payments", "get", "configmap", name, "-o=name"]);
    await expect.poll(async () => (await listAll("")).length).toBe(5);
  });

  async function listAll(more: string): Promise<{ no: number }[]> {
    const to = new Date(Date.now() + 60_000).toISOString();
    const { body } = await getJson(`/api/v1/request-audit?${window}&to=${to}${more}`);
    return body.entries;
  }

  test("goes from page to page by its Link", async () => {
    const all = await listAll("");
    const to = new Date(Date.now() + 60_000).toISOString();
    let next: string | undefined = `/api/v1/request-audit?${window}&to=${to}&limit=2`;
    const pages: number[][] = [];
    while (next) {
      const { headers, body } = await getJson(next);
      pages.push(body.entries.map(({ no }: { no: number }) => no));
      next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]?.replace(consoleUrl(), "");
      expect(body.next === null).toBe(next === undefined);
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(all.map(({ no }) => no));
  });

  test("is the same as JSON, CSV and NDJSON", async () => {
    const to = new Date(Date.now() + 60_000).toISOString();
    const path = `/api/v1/request-audit?${window}&to=${to}`;
    const expected = (await listAll("")).map(({ no }) => no);
    const ndjson = await (await getApi(path, { accept: "application/x-ndjson" })).text();
    const lines = ndjson.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).no)).toEqual(expected);
    const csv = await (await getApi(path, { accept: "text/csv" })).text();
    const table = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
    expect(table.errors).toEqual([]);
    expect(table.data.map(({ no }) => Number(no))).toEqual(expected);
  });

  test("points at the character where a filter goes wrong", async () => {
    const { status, body } = await getJson(
      `/api/v1/request-audit?filter=${encodeURIComponent('verb = "get" AND')}`,
    );
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid_argument", details: [{ field: "filter" }] });
  });

  test("answers 401 without a token, and says what to do", async () => {
    for (const authorization of [null, "Bearer kw_not-a-token"]) {
      const headers = new Headers(authorization === null ? {} : { Authorization: authorization });
      const response = await fetch(`${consoleUrl()}/api/v1/request-audit`, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ message: expect.stringMatching(/sign in|token/i) });
    }
  });

  test("gives a person without the auditor's role their own calls alone", async () => {
    await kubectl(["-n", "payments", "get", "configmap", name], { as: "admin" });
    await expect.poll(async () => (await listAll("")).length).toBe(6);
    const headers = { Authorization: `Bearer ${personToken("alice")}` };
    const response = await fetch(`${consoleUrl()}/api/v1/request-audit?${window}`, { headers });
    expect(response.status).toBe(200);
    const { entries } = await response.json();
    expect(entries.map(({ email }: { email: string }) => email)).toEqual(Array(5).fill("alice@acme.example"));
  });
});

test("an address that is not there is answered as JSON", async () => {
  for (const path of ["/api/v1/request-audits", "/api/nothing", "/v1/k8s/audits"]) {
    const response = await fetch(`${consoleUrl()}${path}?limit=1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: "not_found",
      message: `There is no GET ${path}; /docs/api lists what there is.`,
    });
  }
});

test("the OpenAPI document names every one of these", async () => {
  const { openapi, paths } = await (await fetch(`${consoleUrl()}/api/openapi.json`)).json();
  expect(openapi).toMatch(/^3\.1\./);
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      ...["/v1/k8s/audit", "/api/v1/audit/log", "/api/v1/audit/log/file", "/api/v1/request-audit"],
      ...["/api/v1/request-audit/{no}", "/api/v1/token"],
    ]),
  );
});
