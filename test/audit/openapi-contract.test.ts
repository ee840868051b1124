import { globSync } from "node:fs";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeApi } from "../../app/api/openapi/document.ts";
import { GET as openApiRoute } from "../../app/api/openapi.json/route.ts";
import { GET as applications } from "../../app/api/v1/applications/route.ts";
import { GET as auditLog } from "../../app/api/v1/audit/log/route.ts";
import { GET as clusters } from "../../app/api/v1/clusters/route.ts";
import { GET as eventDetail } from "../../app/api/v1/event-history/[no]/route.ts";
import { GET as eventCount } from "../../app/api/v1/event-history/count/route.ts";
import { GET as eventFacets } from "../../app/api/v1/event-history/facets/route.ts";
import { GET as eventHistogram } from "../../app/api/v1/event-history/histogram/route.ts";
import { GET as eventList } from "../../app/api/v1/event-history/route.ts";
import { GET as me } from "../../app/api/v1/me/route.ts";
import { GET as overview } from "../../app/api/v1/overview/route.ts";
import { GET as recordStatus } from "../../app/api/v1/record-status/route.ts";
import { GET as recordingRelated } from "../../app/api/v1/recordings/[id]/related/route.ts";
import { GET as recordingCount } from "../../app/api/v1/recordings/count/route.ts";
import { GET as recordingManifest } from "../../app/api/v1/recordings/export/[id]/manifest/route.ts";
import { GET as recordingExport } from "../../app/api/v1/recordings/export/route.ts";
import { GET as recordingFacets } from "../../app/api/v1/recordings/facets/route.ts";
import { GET as recordingHistogram } from "../../app/api/v1/recordings/histogram/route.ts";
import { GET as recordingList } from "../../app/api/v1/recordings/route.ts";
import { GET as requestRelated } from "../../app/api/v1/request-audit/[no]/related/route.ts";
import { GET as requestDetail } from "../../app/api/v1/request-audit/[no]/route.ts";
import { GET as commands } from "../../app/api/v1/request-audit/commands/route.ts";
import { GET as requestCount } from "../../app/api/v1/request-audit/count/route.ts";
import { GET as exportManifest } from "../../app/api/v1/request-audit/export/[id]/manifest/route.ts";
import { GET as requestExport } from "../../app/api/v1/request-audit/export/route.ts";
import { GET as requestFacets } from "../../app/api/v1/request-audit/facets/route.ts";
import { GET as requestHistogram } from "../../app/api/v1/request-audit/histogram/route.ts";
import { GET as requestList } from "../../app/api/v1/request-audit/route.ts";
import { GET as roles } from "../../app/api/v1/roles/route.ts";
import { GET as savedViews } from "../../app/api/v1/saved-views/route.ts";
import { GET as users } from "../../app/api/v1/users/route.ts";
import { GET as k8sAudit } from "../../app/v1/k8s/audit/route.ts";
import { generateEntries } from "../history/generate-entries.ts";
import { recordSessions } from "../history/record-sessions.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { storeEntries } from "./store-entries.ts";
import { storeRecordings } from "./store-recordings.ts";

const document = describeApi();
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: "api", components: document.components });

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

let installation: TestInstallation;
let api: ApiClient;
/** Put in where a path asks for a recording. */
let recordingId: string;
const to = new Date();
const from = new Date(to.getTime() - 24 * 3_600_000);
const window = `from=${from.toISOString()}&to=${to.toISOString()}`;

beforeAll(async () => {
  installation = await createTestInstallation();
  const range = { count: 600, from: from.getTime(), to: to.getTime() - 60_000, seed: 5 };
  const { entries, recordings } = recordSessions(generateEntries(range), { latest: range.to, seed: 5 });
  await storeEntries(installation.pool, entries);
  await storeRecordings(installation.pool, recordings);
  recordingId = recordings.at(-1)!.recordingId;
  api = await createApiClient();
}, 120_000);
afterAll(() => installation.close());

function validatorOf(path: string, status: string): ValidateFunction {
  const operation = document.paths?.[path]?.get;
  const response = operation?.responses?.[status as "200"] as
    | { content?: Record<string, { schema: object }> }
    | undefined;
  const schema = response?.content?.["application/json"]?.schema;
  if (!schema) throw new Error(`the document describes no ${status} of ${path}`);
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')));
}

type RouteHandler = typeof requestList;

const ANSWERS: [path: string, handler: RouteHandler, query: string, params?: Record<string, string>][] = [
  ["/api/v1/request-audit", requestList, `${window}&limit=200`],
  ["/api/v1/request-audit/{no}", requestDetail, "", { no: "17" }],
  ["/api/v1/request-audit/{no}/related", requestRelated, "", { no: "17" }],
  ["/api/v1/request-audit/count", requestCount, `${window}&filter=verb:get`],
  ["/api/v1/request-audit/histogram", requestHistogram, window],
  ["/api/v1/request-audit/facets", requestFacets, window],
  ["/api/v1/request-audit/commands", commands, window],
  ["/api/v1/event-history", eventList, "limit=200"],
  ["/api/v1/event-history/{no}", eventDetail, "", { no: "1" }],
  ["/api/v1/event-history/count", eventCount, ""],
  ["/api/v1/event-history/histogram", eventHistogram, "timeZone=Asia/Kolkata"],
  ["/api/v1/event-history/facets", eventFacets, ""],
  ["/api/v1/recordings", recordingList, `${window}&limit=200`],
  ["/api/v1/recordings/count", recordingCount, `${window}&filter=kind=exec`],
  ["/api/v1/recordings/histogram", recordingHistogram, window],
  ["/api/v1/recordings/facets", recordingFacets, window],
  ["/api/v1/recordings/{id}/related", recordingRelated, ""],
  ["/api/v1/overview", overview, ""],
  ["/api/v1/record-status", recordStatus, ""],
  ["/api/v1/saved-views", savedViews, ""],
  ["/api/v1/audit/log", auditLog, "numberOfSamples=1000"],
  ["/v1/k8s/audit", k8sAudit, "limit=500"],
  ["/api/v1/me", me, ""],
  ["/api/v1/clusters", clusters, ""],
  ["/api/v1/roles", roles, ""],
  ["/api/v1/users", users, ""],
  ["/api/v1/applications", applications, ""],
];

it.each(ANSWERS)("%s answers as the document says", async (path, handler, query, params) => {
  const given = path.startsWith("/api/v1/recordings/{id}") ? { id: recordingId } : params;
  const response = await api.get(handler, `${path}?${query}`, { params: given });
  const answer: unknown = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(200);
  const validate = validatorOf(path, "200");
  expect(validate(answer), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
});

it.each([
  ["request-audit", requestExport, exportManifest],
  ["recordings", recordingExport, recordingManifest],
] as const)("describes the manifest of an export of %s", async (source, exportRoute, manifestRoute) => {
  const file = await api.get(exportRoute, `/?${window}&format=ndjson`);
  await file.text();
  const id = file.headers.get("X-Export-Id") ?? "";
  const answer: unknown = await (await api.get(manifestRoute, "/", { params: { id } })).json();
  expect(answer).toMatchObject({ source, complete: true });
  const validate = validatorOf(`/api/v1/${source}/export/{id}/manifest`, "200");
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
});

it.each([
  ["/api/v1/request-audit", requestList, "limit=0", "400"],
  ["/api/v1/request-audit", requestList, "filter=result%20%3D%20sucess", "400"],
  ["/api/v1/request-audit/{no}", requestDetail, "", "404"],
] as const)("%s refuses as the document says", async (path, handler, query, status) => {
  const response = await api.get(handler, `${path}?${query}`, { params: { no: "999999" } });
  expect(String(response.status)).toBe(status);
  const validate = validatorOf(path, status);
  expect(validate(await response.json()), JSON.stringify(validate.errors)).toBe(true);
});

it("is served", async () => {
  const served = (await openApiRoute().json()) as { openapi: string; paths: object };
  expect(served.openapi).toBe("3.1.1");
  expect(Object.keys(served.paths)).toContain("/v1/k8s/audit");
});

it("describes every route of the API with its methods, and no others", async () => {
  const app = new URL("../../app/", import.meta.url);
  const files = globSync("{api/v1,v1}/**/route.ts", { cwd: app });
  // What answers where there is no route.
  const routes = files.filter((file) => !file.includes("[...path]"));
  const operations = routes.map(async (file) => {
    const path = file
      .replace(/\/route\.ts$/, "")
      .replaceAll("[", "{")
      .replaceAll("]", "}");
    const handlers = await import(new URL(file, app).href);
    return [`/${path}`, METHODS.filter((method) => method in handlers)];
  });
  const described = Object.entries(document.paths ?? {}).map(([path, item]) => {
    return [path, METHODS.filter((method) => method.toLowerCase() in item)];
  });
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(await Promise.all(operations)));
});
