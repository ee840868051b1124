import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { parse as parseYaml } from "yaml";
import { type Fields, isFields } from "../objects/fields.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";
import { badRequest, StatusError, unsupportedMediaType } from "./status-error.ts";

/** kube-apiserver's limit on a request body: 3 MiB. */
const bodyLimit = 3 * 1024 * 1024;

export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const source = req.headers["content-encoding"] === "gzip" ? req.pipe(createGunzip()) : req;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += (chunk as Buffer).length;
    if (size > bodyLimit) {
      throw new StatusError({
        code: 413,
        reason: "RequestEntityTooLarge",
        message: `Request entity too large: limit is ${bodyLimit}`,
        details: {},
      });
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function mediaTypeOf(req: IncomingMessage): string {
  return (req.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

const objectTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

export function parseText(text: string, yaml: boolean): unknown {
  try {
    return yaml ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

/** Decodes the body as the API object that its content type says it is; 415 for other types. */
export function decodeObject(body: Buffer, mediaType: string): Fields {
  if (mediaType === "application/vnd.kubernetes.protobuf") return decodeProtobuf(body);
  if (mediaType !== "" && !objectTypes.includes(mediaType)) throw unsupportedMediaType(objectTypes);
  const value = parseText(body.toString("utf8"), mediaType === "application/yaml");
  if (!isFields(value)) throw badRequest("couldn't get version/kind; the body is not an object");
  return value;
}

/** A body that may be absent, such as that of a delete. */
export async function readOptionalObject(req: IncomingMessage): Promise<Fields> {
  const body = await readBody(req);
  return body.length === 0 ? {} : decodeObject(body, mediaTypeOf(req));
}
