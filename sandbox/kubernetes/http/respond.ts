import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { KubeObject } from "../objects/object.ts";
import { StatusError } from "./status-error.ts";

/** The size from which kube-apiserver compresses its answers. */
const gzipThreshold = 128 * 1024;

const flowSchemaUid = "1de9af7f-c384-4fef-99c4-a7bd858d93c8";
const priorityLevelUid = "3a70cd5a-60d2-4fe5-958b-fe35c3266573";

export function setCommonHeaders(res: ServerResponse): void {
  res.setHeader("Audit-Id", randomUUID());
  res.setHeader("Cache-Control", "no-cache, private");
}

export function setFlowHeaders(res: ServerResponse): void {
  res.setHeader("X-Kubernetes-Pf-Flowschema-Uid", flowSchemaUid);
  res.setHeader("X-Kubernetes-Pf-Prioritylevel-Uid", priorityLevelUid);
}

export function sendBody(
  req: IncomingMessage,
  res: ServerResponse,
  code: number,
  type: string,
  body: Buffer,
): void {
  res.statusCode = code;
  res.setHeader("Content-Type", type);
  const accepted = String(req.headers["accept-encoding"] ?? "").includes("gzip");
  if (accepted && body.length > gzipThreshold) {
    const compressed = gzipSync(body, { level: 1 });
    res.setHeader("Content-Encoding", "gzip");
    res.setHeader("Vary", "Accept-Encoding");
    res.setHeader("Content-Length", compressed.length);
    res.end(req.method === "HEAD" ? undefined : compressed);
    return;
  }
  res.setHeader("Content-Length", body.length);
  res.end(req.method === "HEAD" ? undefined : body);
}

const pretty = new Set(["1", "true"]);

export function sendJson(
  req: IncomingMessage,
  res: ServerResponse,
  code: number,
  value: unknown,
  type = "application/json",
): void {
  const indent = pretty.has(new URLSearchParams(req.url?.split("?")[1]).get("pretty") ?? "") ? 2 : undefined;
  sendBody(req, res, code, type, Buffer.from(`${JSON.stringify(value, undefined, indent)}\n`));
}

const encoded = new WeakMap<KubeObject, Buffer>();

/** Stored objects never change, so that each is serialised only once. */
export function encodeObject(object: KubeObject): Buffer {
  let bytes = encoded.get(object);
  if (bytes === undefined) {
    bytes = Buffer.from(`${JSON.stringify(object)}\n`);
    encoded.set(object, bytes);
  }
  return bytes;
}

export function sendText(req: IncomingMessage, res: ServerResponse, code: number, text: string): void {
  res.setHeader("X-Content-Type-Options", "nosniff");
  sendBody(req, res, code, "text/plain; charset=utf-8", Buffer.from(text));
}

/** Answers a refusal; anything that is not a StatusError is a 500 that says nothing of its inside. */
export function sendError(req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof StatusError
      ? error
      : new StatusError({ code: 500, reason: "InternalError", message: "Internal error occurred" });
  if (refusal.reason === "") {
    sendText(req, res, refusal.code, refusal.message);
    return;
  }
  if (refusal.code === 403) res.setHeader("X-Content-Type-Options", "nosniff");
  if (refusal.details?.retryAfterSeconds !== undefined)
    res.setHeader("Retry-After", refusal.details.retryAfterSeconds);
  sendJson(req, res, refusal.code, refusal.toStatus());
}

export function successStatus(details: Record<string, unknown>): Record<string, unknown> {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}
