import { createHash } from "node:crypto";
import type { Call } from "../http/call.ts";
import { sendBody, sendJson } from "../http/respond.ts";
import { notAcceptable } from "../http/status-error.ts";
import type { Registry } from "../registry/registry.ts";
import { apiVersionOf } from "../registry/resource.ts";
import { openApiV2, openApiV3 } from "./documents.ts";
import { encodeOpenApiV2 } from "./encode-v2.ts";

const protobufTypes = [
  "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
  "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
];

/** Documents are built when first asked for and again when the registry has changed. */
const cache = new WeakMap<Registry, { generation: number; documents: Map<string, Buffer> }>();

function cached(registry: Registry, key: string, build: () => Buffer | undefined): Buffer | undefined {
  let entry = cache.get(registry);
  if (entry?.generation !== registry.generation) {
    entry = { generation: registry.generation, documents: new Map() };
    cache.set(registry, entry);
  }
  const known = entry.documents.get(key);
  if (known !== undefined) return known;
  const built = build();
  if (built !== undefined) entry.documents.set(key, built);
  return built;
}

function json(value: unknown): Buffer | undefined {
  return value === undefined ? undefined : Buffer.from(JSON.stringify(value));
}

function etagOf(body: Buffer): string {
  return createHash("sha512").update(body).digest("hex").toUpperCase();
}

function sendDocument(call: Call, type: string, body: Buffer): void {
  call.res.setHeader("Cache-Control", "no-cache, private");
  call.res.setHeader("Etag", `"${etagOf(body)}"`);
  call.res.setHeader("Vary", "Accept");
  if (call.req.headers["if-none-match"] === `"${etagOf(body)}"`) {
    call.res.statusCode = 304;
    call.res.end();
    return;
  }
  sendBody(call.req, call.res, 200, type, body);
}

function sendV2(call: Call): void {
  const { registry } = call.services.cluster;
  const accept = call.req.headers.accept ?? "";
  if (protobufTypes.some((type) => accept.includes(type))) {
    const body = cached(registry, "v2 protobuf", () => encodeOpenApiV2(openApiV2(registry)));
    if (body !== undefined) sendDocument(call, protobufTypes[0] ?? "", body);
    return;
  }
  const body = cached(registry, "v2", () => json(openApiV2(registry)));
  if (body !== undefined) sendDocument(call, "application/json", body);
}

function v3Path(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${apiVersionOf({ group, version })}`;
}

function v3Document(registry: Registry, group: string, version: string): Buffer | undefined {
  return cached(registry, v3Path(group, version), () => json(openApiV3(registry, group, version)));
}

function sendV3Index(call: Call): void {
  const { registry } = call.services.cluster;
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const { group, versions } of registry.groups()) {
    for (const version of versions) {
      const path = v3Path(group, version);
      const hash = etagOf(Buffer.from(`${path} ${registry.generation}`));
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
    }
  }
  sendJson(call.req, call.res, 200, { paths });
}

function sendV3(call: Call, parts: string[]): boolean {
  const accept = call.req.headers.accept ?? "*/*";
  if (!/json|\*\/\*/.test(accept)) throw notAcceptable(["application/json"]);
  const [prefix, first = "", second = ""] = parts;
  const [group, version] = prefix === "api" ? ["", first] : [first, second];
  const body = v3Document(call.services.cluster.registry, group, version);
  if (body !== undefined) sendDocument(call, "application/json", body);
  return body !== undefined;
}

/** Answers `/openapi/v2` (JSON and protobuf) and `/openapi/v3`; false for other paths. */
export function handleOpenApi(call: Call): boolean {
  const parts = call.info.path.split("/").filter((part) => part !== "");
  if (parts[0] !== "openapi") return false;
  if (parts[1] === "v2" && parts.length === 2) {
    sendV2(call);
    return true;
  }
  if (parts[1] !== "v3") return false;
  if (parts.length > 2) return sendV3(call, parts.slice(2));
  sendV3Index(call);
  return true;
}
