import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as logFile } from "../../app/api/v1/audit/log/file/route.ts";
import { GET as auditLog } from "../../app/api/v1/audit/log/route.ts";
import { POST as token } from "../../app/api/v1/token/route.ts";
import { GET as k8sAudit } from "../../app/v1/k8s/audit/route.ts";
import { recordEventAlone } from "../../lib/audit/events/record.ts";
import type { AuditLogRecord, K8sAuditRecord } from "../../lib/audit/log/schema.ts";
import { type Actor, systemContext } from "../../lib/context.ts";
import { createApplication } from "../../lib/identity/applications/mutations.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";

const ADA: Actor = {
  kind: "user",
  id: "a79500fb-c452-471f-adc0-b65c972bd5c2",
  name: "Ada",
  email: "ada@acme.example",
  consoleRole: "administrator",
  groups: [],
  groupIds: [],
};
const BOT: Actor = {
  kind: "application",
  id: "fdc90aab-b183-4856-8337-14039063b876",
  name: "ci",
  consoleRole: "auditor",
};
const CLUSTER = {
  id: "71f69d83-ba66-4822-adf5-55ce55efd210",
  name: "prod-eu-1",
  endpoint: "https://10.0.0.1",
};
const COUNT = 240;
let installation: TestInstallation;
let api: ApiClient;

/** Event i happened i minutes after 2026-06-07 09:00 UTC, every third by the application, every fifth failed, every second about a cluster. */
beforeAll(async () => {
  installation = await createTestInstallation();
  for (let i = 0; i < COUNT; i++) {
    const ctx = {
      actor: i % 3 === 0 ? BOT : ADA,
      sourceIp: "10.244.0.9",
      userAgent: "curl/8.5.0",
      requestId: "r",
    };
    await recordEventAlone(ctx, {
      action: i % 2 === 0 ? "Update" : "Create",
      entityType: i % 2 === 0 ? "Cluster" : "Project",
      entityId: String(i),
      entityName: `team-${i}, blue`,
      cluster: i % 2 === 0 ? CLUSTER : null,
      happenedAt: new Date(Date.parse("2026-06-07T09:00:00Z") + i * 60_000 + 500),
      requestBody: { name: `team-${i}` },
      ...(i % 5 === 0 ? { status: "Failed" as const, error: "no quota" } : {}),
    });
  }
  api = await createApiClient();
}, 120_000);
afterAll(() => installation.close());

const range = "start=2026-06-07&end=2026-06-07";

async function list(query: string): Promise<K8sAuditRecord[]> {
  const response = await api.get(k8sAudit, `/v1/k8s/audit?${query}`);
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body as K8sAuditRecord[];
}
const numbers = (records: { entityId?: string | null; entity_id?: string | null }[]) =>
  records.map(({ entityId, entity_id }) => Number(entityId ?? entity_id));
const all = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i);

describe("what a parameter cannot be is refused by its name, never a failure of the server", () => {
  it.each([
    ["source_id=%00", "source_id"],
    ["__proto__=x", "__proto__"],
    ["constructor=x", "constructor"],
  ])("/v1/k8s/audit?%s", async (query, field) => {
    const response = await api.get(k8sAudit, `/v1/k8s/audit?${query}`);
    expect(response.status).toBe(400);
    expect((await response.json()).details).toMatchObject([{ field }]);
  });

  it.each(["__proto__==x", "constructor==x", "toString=@x"])("filterBy=%s", async (filterBy) => {
    const response = await api.get(auditLog, `/api/v1/audit/log?filterBy=${filterBy}`);
    expect(response.status).toBe(400);
    expect((await response.json()).details).toMatchObject([{ field: "filterBy" }]);
  });

  it("takes the last day there is", async () => {
    const response = await api.get(auditLog, "/api/v1/audit/log?start=1970-01-01&end=9999-12-31");
    expect(response.status).toBe(200);
    expect((await response.json()).total).toBeGreaterThanOrEqual(COUNT);
  });

  it("also in a body", async () => {
    const body = JSON.stringify({ grantType: "client_credentials", clientId: "a\0", clientSecret: "b" });
    const request = new Request("http://localhost:3000/api/v1/token", { method: "POST", body });
    const response = await token(request, { params: Promise.resolve({}) });
    expect(response.status).toBe(400);
    expect((await response.json()).details).toMatchObject([{ field: "clientId" }]);
  });
});

describe("GET /v1/k8s/audit", () => {
  it("lists 50, newest first, field by field, with the headers of a deprecated resource", async () => {
    const response = await api.get(k8sAudit, `/v1/k8s/audit?${range}`);
    expect(response.headers.get("Deprecation")).toBe("@1795132800");
    expect(response.headers.get("Link")).toBe('</api/v1/audit/log>; rel="successor-version"');
    const records = (await response.json()) as K8sAuditRecord[];
    expect(numbers(records)).toEqual(all.slice(0, 50));
    expect(records[9]).toEqual({
      id: expect.any(Number),
      clusterUuid: CLUSTER.id,
      tenantId: 1,
      happenedAt: "2026-06-07T12:50:00.500Z",
      action: "Update",
      version: "1.0",
      entityId: "230",
      entityType: "Cluster",
      entityName: "team-230, blue",
      sourceType: "User",
      sourceId: ADA.kind === "user" && ADA.id,
      sourceName: "ada@acme.example",
      error: "no quota",
      context: { user_agent: "curl/8.5.0", ip_address: "10.244.0.9" },
      body: { name: "team-230" },
    });
    expect(records[0]).not.toHaveProperty("clusterUuid");
    expect(records[0]).not.toHaveProperty("error");
  });

  it.each([
    ["start=2026-06-07T09:01:02&end=2026-06-07T09:04:00", (i: number) => i >= 2 && i <= 4],
    ["start=2026-6-7&end=2026-06-07T09:02:59", (i: number) => i <= 2],
    [`${range}&cluster_uuid=${CLUSTER.id}`, (i: number) => i % 2 === 0],
    [`${range}&action=Create`, (i: number) => i % 2 === 1],
    [`${range}&source_type=Application`, (i: number) => i % 3 === 0],
    [`${range}&source_type=User`, (i: number) => i % 3 !== 0],
    [`${range}&source_id=fdc90aab-b183-4856-8337-14039063b876`, (i: number) => i % 3 === 0],
    [`${range}&source_name=ada@acme.example`, (i: number) => i % 3 !== 0],
    [`${range}&source_name=ci`, (i: number) => i % 3 === 0],
    [`${range}&entity_type=Project`, (i: number) => i % 2 === 1],
    [`${range}&entity_id=17`, (i: number) => i === 17],
    [`${range}&success=true`, (i: number) => i % 5 !== 0],
    [`${range}&success=false`, (i: number) => i % 5 === 0],
    [`${range}&success=&action=`, () => true],
    [
      `${range}&action=Create&success=false&source_type=User`,
      (i: number) => i % 2 === 1 && i % 5 === 0 && i % 3 !== 0,
    ],
  ])("%s", async (query, expected) => {
    expect(numbers(await list(`${query}&limit=500`))).toEqual(all.filter(expected));
  });

  it.each(["", "&action=Create", "&source_type=Application&success=true", "&entity_id=17"])(
    "pages by offset%s as if it had skipped row by row",
    async (filter) => {
      const whole = numbers(await list(`${range}&limit=500${filter}`));
      for (const offset of [0, 1, 7, 59, 60, 61, 119, 200, 239, 240, 100_000]) {
        const page = numbers(await list(`${range}&limit=13&offset=${offset}${filter}`));
        expect(page).toEqual(whole.slice(offset, offset + 13));
      }
    },
  );

  it("downloads as logs.json", async () => {
    const response = await api.get(k8sAudit, `/v1/k8s/audit?${range}&download=true`);
    expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="logs.json"');
  });

  it.each([
    ["start=yesterday", "start", "yyyy-MM-dd"],
    ["end=2026-13-01", "end", "yyyy-MM-dd"],
    ["cluster_uuid=prod", "cluster_uuid", "UUID"],
    ["action=Creat", "action", "Create, Update, Delete, Login or View"],
    ["source_type=Robot", "source_type", "User or Application"],
    ["entity_type=Thing", "entity_type", "Project, Department"],
    ["limit=501", "limit", "a whole number from 1 to 500"],
    ["limit=x", "limit", "a whole number from 1 to 500"],
    ["offset=-1", "offset", "a whole number from 0"],
    ["success=yes", "success", "true or false"],
    ["download=1", "download", "true or false"],
    ["tenant=1", "tenant", "documented parameters"],
    ["start=2026-06-08&end=2026-06-07", "end", "a time from start"],
  ])("refuses %s and says what it takes", async (query, field, takes) => {
    const response = await api.get(k8sAudit, `/v1/k8s/audit?${query}`);
    expect(response.status).toBe(400);
    const body = (await response.json()) as {
      code: string;
      message: string;
      details: { field: string; got: string; takes: string }[];
    };
    expect(body.code).toBe("invalid_argument");
    expect(body.details[0]?.field).toBe(field);
    expect(body.details[0]?.takes).toContain(takes);
    expect(body.details[0]?.got).toBeTruthy();
  });

  it("says what to do without a token", async () => {
    const response = await k8sAudit(new Request("http://localhost/v1/k8s/audit"), {
      params: Promise.resolve({}),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining("POST /api/v1/token"),
    });
  });
});

interface AuditLogAnswer {
  total: number;
  next: number | null;
  audit_logs: AuditLogRecord[];
}

describe("GET /api/v1/audit/log", () => {
  async function logs(query: string): Promise<AuditLogAnswer> {
    const response = await api.get(auditLog, `/api/v1/audit/log?${range}&${query}`);
    const body = await response.json();
    expect(response.status, JSON.stringify(body)).toBe(200);
    return body as AuditLogAnswer;
  }

  it("lists 20 with the total and the next offset", async () => {
    const { total, next, audit_logs } = await logs("");
    expect([total, next, audit_logs.length]).toEqual([COUNT, 20, 20]);
    expect(audit_logs[9]).toMatchObject({
      timestamp: "2026-06-07T12:50:00.500Z",
      action: "Update",
      result: "Failed",
      error: "no quota",
      subject: "ada@acme.example",
      subject_type: "User",
      entity_type: "Cluster",
      entity_id: "230",
      cluster_name: "prod-eu-1",
      source_ip: "10.244.0.9",
      body: { name: "team-230" },
    });
    expect(await logs("numberOfSamples=0")).toEqual({ total: COUNT, next: null, audit_logs: [] });
    expect((await logs("numberOfSamples=1000")).next).toBeNull();
  });

  it.each([
    ["entity_type==Cluster", (i: number) => i % 2 === 0],
    ["entity_type!=Cluster,result==Failed", (i: number) => i % 2 === 1 && i % 5 === 0],
    ["timestamp>=2026-06-07T09:10:00Z,timestamp<=2026-06-07T09:20:00Z", (i: number) => i >= 10 && i < 20],
    ["entity_name=@EAM-23", (i: number) => `team-${i}`.includes("eam-23")],
    ["entity_name!@team-1", (i: number) => !`team-${i}`.includes("team-1")],
    ["entity_name=^team-23", (i: number) => `team-${i}`.startsWith("team-23")],
    ["entity_name=$7, blue", (i: number) => i % 10 === 7],
    ["entity_name==team-17, blue,action==Create", (i: number) => i === 17],
    ["cluster_name==prod-eu-1", (i: number) => i % 2 === 0],
    ["subject==ci", (i: number) => i % 3 === 0],
    ["subject_type==App", (i: number) => i % 3 === 0],
    ["source_ip==10.244.0.9", () => true],
  ])("filterBy=%s", async (filterBy, expected) => {
    const { total, audit_logs } = await logs(`numberOfSamples=1000&filterBy=${encodeURIComponent(filterBy)}`);
    expect(numbers(audit_logs)).toEqual(all.filter(expected));
    expect(total).toBe(audit_logs.length);
  });

  it("sorts, and pages through what it sorted", async () => {
    expect(numbers((await logs("sortOrder=asc&numberOfSamples=3")).audit_logs)).toEqual([0, 1, 2]);
    expect(numbers((await logs("sortOrder=asc&numberOfSamples=3&offset=150")).audit_logs)).toEqual([
      150, 151, 152,
    ]);
    expect(numbers((await logs("sortBy=id&sortOrder=asc&numberOfSamples=2&offset=5")).audit_logs)).toEqual([
      5, 6,
    ]);
    const byName = (await logs("sortBy=entity_name&sortOrder=asc&numberOfSamples=1000")).audit_logs;
    expect(byName.map(({ entity_name }) => entity_name)).toEqual(
      all.map((i) => `team-${i}, blue`).toSorted(),
    );
    const bySubject = (await logs("sortBy=subject&sortOrder=desc&numberOfSamples=1000")).audit_logs;
    expect(bySubject.map(({ subject }) => subject)).toEqual(
      bySubject
        .map(({ subject }) => subject)
        .toSorted()
        .reverse(),
    );
  });

  it.each([
    ["sortBy=color", "sortBy"],
    ["sortOrder=up", "sortOrder"],
    ["numberOfSamples=1001", "numberOfSamples"],
    ["filterBy=entity_tpye==Cluster", "filterBy"],
    ["filterBy=entity_type", "filterBy"],
    ["filterBy=timestamp=@2026", "filterBy"],
    ["filterBy=result==Maybe", "filterBy"],
  ])("refuses %s", async (query, field) => {
    const response = await api.get(auditLog, `/api/v1/audit/log?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_argument", details: [{ field }] });
  });

  it("downloads everything that matches, or the newest", async () => {
    const whole = await api.get(logFile, `/?${range}&file_type=JSON&filterBy=action==Create`);
    expect(whole.headers.get("Content-Disposition")).toMatch(/^attachment; filename="audit-log-.*\.json"$/);
    expect(numbers((await whole.json()) as AuditLogRecord[])).toEqual(all.filter((i) => i % 2 === 1));
    const newest = await api.get(logFile, `/?${range}&numberOfSamples=3`);
    expect(newest.headers.get("Content-Type")).toContain("text/csv");
    expect((await newest.text()).trimEnd().split("\r\n")).toHaveLength(4);
  });
});

describe("POST /api/v1/token", () => {
  const ask = (body: unknown) =>
    token(new Request("http://localhost/api/v1/token", { method: "POST", body: JSON.stringify(body) }), {
      params: Promise.resolve({}),
    });

  it("takes both shapes of an application's id and secret", async () => {
    const { id, secret } = await createApplication({ ctx: systemContext("test"), input: { name: "siem" } });
    for (const body of [
      { grantType: "app_token", AppId: id, AppSecret: secret },
      { grantType: "client_credentials", clientId: id, clientSecret: secret },
    ]) {
      const response = await ask(body);
      const answer = (await response.json()) as { accessToken: string; access_token: string };
      expect(response.status).toBe(200);
      expect(answer).toMatchObject({ tokenType: "Bearer", expiresIn: expect.any(Number) });
      expect(answer.access_token).toBe(answer.accessToken);
      const authorized = await k8sAudit(
        new Request("http://localhost/v1/k8s/audit", {
          headers: { authorization: `Bearer ${answer.accessToken}` },
        }),
        { params: Promise.resolve({}) },
      );
      expect(authorized.status).toBe(200);
    }
  });

  it("refuses a wrong secret and a wrong shape, and repeats neither", async () => {
    const wrong = await ask({ grantType: "app_token", AppId: "x", AppSecret: "s3cret-value" });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).not.toContain("s3cret-value");
    const shape = await ask({ grantType: "password", AppSecret: "s3cret-value" });
    expect(shape.status).toBe(400);
    expect(await shape.text()).not.toContain("s3cret-value");
  });
});
