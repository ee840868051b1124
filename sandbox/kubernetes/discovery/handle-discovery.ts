import { createHash } from "node:crypto";
import type { Call } from "../http/call.ts";
import { sendBody, sendJson, setFlowHeaders } from "../http/respond.ts";
import { aggregatedDiscovery, apiGroup, groupList, resourceList } from "./documents.ts";

type Cached = { generation: number; body: Buffer; etag: string };
const cache = new WeakMap<object, Map<string, Cached>>();

/** The aggregated form that the Accept header prefers to the legacy one, if any. */
function aggregatedVersion(accept: string): string | undefined {
  for (const clause of accept.split(",")) {
    const parts = clause.split(";").map((part) => part.trim());
    if (parts[0] !== "application/json") continue;
    if (!parts.includes("as=APIGroupDiscoveryList")) return undefined;
    const version = parts.find((part) => part.startsWith("v="))?.slice(2);
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

function aggregatedDocument(call: Call, core: boolean, version: string): Cached {
  const { registry } = call.services.cluster;
  const documents = cache.get(registry) ?? new Map<string, Cached>();
  cache.set(registry, documents);
  const key = `${core} ${version}`;
  const known = documents.get(key);
  if (known?.generation === registry.generation) return known;
  const body = Buffer.from(`${JSON.stringify(aggregatedDiscovery(registry, core, version))}\n`);
  const etag = `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"`;
  const fresh = { generation: registry.generation, body, etag };
  documents.set(key, fresh);
  return fresh;
}

function sendAggregated(call: Call, core: boolean, version: string): void {
  const { req, res } = call;
  const { body, etag } = aggregatedDocument(call, core, version);
  res.setHeader("Cache-Control", "public");
  res.setHeader("Etag", etag);
  res.setHeader("Vary", "Accept");
  if (req.headers["if-none-match"] === etag) {
    res.statusCode = 304;
    res.end();
    return;
  }
  sendBody(
    req,
    res,
    200,
    `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    body,
  );
}

function legacyDocument(call: Call, parts: string[]): unknown {
  const { registry } = call.services.cluster;
  const [prefix, first, second] = parts;
  if (prefix === "api") {
    if (first === undefined) {
      return {
        kind: "APIVersions",
        versions: ["v1"],
        serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "10.20.0.10:6443" }],
      };
    }
    return resourceList(registry, "", first);
  }
  if (first === undefined) return groupList(registry);
  return second === undefined ? apiGroup(registry, first) : resourceList(registry, first, second);
}

/** Answers `/api`, `/apis` and what lies below them that is no resource; false when there is nothing. */
export function handleDiscovery(call: Call): boolean {
  const parts = call.info.path.split("/").filter((part) => part !== "");
  if ((parts[0] !== "api" && parts[0] !== "apis") || parts.length > 3) return false;
  setFlowHeaders(call.res);
  const version = parts.length === 1 ? aggregatedVersion(call.req.headers.accept ?? "") : undefined;
  if (version !== undefined) {
    sendAggregated(call, parts[0] === "api", version);
    return true;
  }
  const document = legacyDocument(call, parts);
  if (document === undefined) return false;
  sendJson(call.req, call.res, 200, document);
  return true;
}
