import { afterEach, expect, test } from "vitest";
import { setNamespaceLabels } from "../../access/labels/namespace-labels.ts";
import { compileDirectory, type ProjectDirectory } from "../../access/scopes/directory.ts";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import { CallRecord } from "../call/call-record.ts";
import type { Gateway, GatewayCluster } from "../call/gateway.ts";
import { resolveRequestInfo } from "../request/request-info.ts";
import { noteProjects } from "./note-projects.ts";

// What is found of a namespace is kept: it must be what is found now.

const PROD: GatewayCluster = { id: "c-prod", name: "prod", endpoint: "https://prod.example" };
const STAGING: GatewayCluster = { id: "c-staging", name: "staging", endpoint: "https://staging.example" };

afterEach(() => setNamespaceLabels(PROD.id, null));

function directoryOf(name: string, namespaceLabels: Record<string, string> = {}): ProjectDirectory {
  const parts = [{ clusterIds: [PROD.id], namespaces: ["shop"], namespaceLabels }];
  const projects = new Map([["p1", { name, parts }]]);
  const departments = new Map([["d1", { name: `${name}s`, parts: [], projectIds: ["p1"] }]]);
  return compileDirectory({ projects, departments, nodePools: new Map() });
}

function noted(directory: ProjectDirectory, cluster = PROD, namespace = "shop"): [string[], string[]] {
  const request = { method: "GET", url: "/", httpVersion: "1.1", rawHeaders: [], headers: {} };
  const record = new CallRecord({ request, clientIp: null, redactor: createTextRedactor() });
  const segments = ["api", "v1", "namespaces", namespace, "pods"];
  const info = resolveRequestInfo({ method: "GET", segments, query: "" });
  noteProjects({ directory: () => directory } as Gateway, { record }, { cluster, info, nodeLabels: null });
  return [record.projects, record.departments];
}

test("a namespace is in its projects, and their departments", () => {
  const directory = directoryOf("web");
  for (let time = 0; time < 2; time++) {
    expect(noted(directory)).toEqual([["web"], ["webs"]]);
    expect(noted(directory, PROD, "other")).toEqual([[], []]);
    expect(noted(directory, STAGING)).toEqual([[], []]);
  }
});

test("a project that is called otherwise, or is no more, counts at the next call", () => {
  expect(noted(directoryOf("before"))).toEqual([["before"], ["befores"]]);
  expect(noted(directoryOf("after"))).toEqual([["after"], ["afters"]]);
});

test("labels count as they are now", () => {
  const directory = directoryOf("labelled", { tier: "web" });
  const label = (tier: string) => setNamespaceLabels(PROD.id, new Map([["shop", { tier }]]));
  expect(noted(directory)).toEqual([[], []]);
  label("web");
  expect(noted(directory)).toEqual([["labelled"], ["labelleds"]]);
  label("data");
  expect(noted(directory)).toEqual([[], []]);
  label("web");
  expect(noted(directory)).toEqual([["labelled"], ["labelleds"]]);
  setNamespaceLabels(PROD.id, null);
  expect(noted(directory)).toEqual([[], []]);
});

test("whatever namespaces are asked for, each is told as it is", () => {
  const directory = directoryOf("web");
  for (let index = 0; index < 12_000; index++) expect(noted(directory, PROD, `n-${index}`)).toEqual([[], []]);
  expect(noted(directory)).toEqual([["web"], ["webs"]]);
});
