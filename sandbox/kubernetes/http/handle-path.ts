import { handleDiscovery } from "../discovery/handle-discovery.ts";
import { handleOpenApi } from "../openapi/handle-openapi.ts";
import type { Call } from "./call.ts";
import { sendJson, sendText } from "./respond.ts";

/** What this server says it is. */
const serverVersion = {
  major: "1",
  minor: "33",
  emulationMajor: "1",
  emulationMinor: "33",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "32",
  gitVersion: "v1.33.4",
  gitCommit: "74cdb42a9f11b9e8a7e2b6a3c5b9ecf44e1b5b1d",
  gitTreeState: "clean",
  buildDate: "2025-08-13T14:15:19Z",
  goVersion: "go1.24.5",
  compiler: "gc",
  platform: "linux/amd64",
};

const health = new Set(["/healthz", "/livez", "/readyz"]);

/** Paths that are no resources: version, health, discovery, OpenAPI. */
export function handlePath(call: Call): void {
  const { req, res, info } = call;
  if (info.path === "/version" || info.path === "/version/") {
    sendJson(req, res, 200, serverVersion);
    return;
  }
  if (health.has(info.path)) {
    sendText(req, res, 200, "ok");
    return;
  }
  if (info.path === "/") {
    sendJson(req, res, 200, { paths: rootPaths(call) });
    return;
  }
  if (handleDiscovery(call) || handleOpenApi(call)) return;
  sendText(req, res, 404, "404 page not found\n");
}

function rootPaths(call: Call): string[] {
  const groups = call.services.cluster.registry.groups().filter(({ group }) => group !== "");
  const apis = groups.flatMap(({ group, versions }) => [
    `/apis/${group}`,
    ...versions.map((version) => `/apis/${group}/${version}`),
  ]);
  const fixed = [
    "/api",
    "/api/v1",
    "/apis",
    "/healthz",
    "/livez",
    "/openapi/v2",
    "/openapi/v3",
    "/readyz",
    "/version",
  ];
  return [...fixed, ...apis].sort();
}
