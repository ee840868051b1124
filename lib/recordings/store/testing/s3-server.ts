import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface S3Server {
  endpoint: string;
  /** By path, `/bucket/name`. */
  objects: Map<string, Buffer>;
  /** What each request is answered with instead, while it is set; with a method, those of it alone. */
  failWith: { status: number; code: string; method?: string } | null;
  /** Bytes that an object loses when it is put. */
  loses: number;
  /** Gives whole objects, whatever range is asked for. */
  knowsNoRanges: boolean;
  /** Requests that were answered. */
  requests: { method: string; path: string; status: number }[];
  close(): Promise<void>;
}

export const S3_KEYS = { accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/**
 * A storage that speaks the part of S3's API that is used, in memory, with one bucket. It computes each request's signature from the specification
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html) and holds bodies against the SHA-256 that was signed.
 */
export async function startS3Server({ bucket = "rec", region = "eu-central-1" } = {}): Promise<S3Server> {
  const state: S3Server = {
    endpoint: "",
    objects: new Map(),
    failWith: null,
    loses: 0,
    knowsNoRanges: false,
    requests: [],
    close: async () => {},
  };
  const server = createServer(
    (request, response) => void answer(request, response, { state, bucket, region }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  state.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return state;
}

interface Serving {
  state: S3Server;
  bucket: string;
  region: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { state } = serving;
  const body = Buffer.concat(await request.toArray());
  const path = request.url!.split("?")[0]!;
  const fails = state.failWith && [undefined, request.method].includes(state.failWith.method);
  const refused = fails ? state.failWith : refusalOf(request, body, serving);
  const status = refused ? refuse(response, refused) : serve(request, response, { path, body, state });
  state.requests.push({ method: request.method!, path, status });
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): number {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${code}</Code></Error>`);
  return status;
}

function serve(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { path, body, state }: { path: string; body: Buffer; state: S3Server },
): number {
  const { objects } = state;
  if (method === "PUT") objects.set(path, body.subarray(0, body.length - state.loses));
  if (method === "DELETE") objects.delete(path);
  const object = objects.get(path);
  if (method === "PUT" || method === "DELETE") return end(response, method === "PUT" ? 200 : 204);
  if (object === undefined) return refuse(response, { status: 404, code: "NoSuchKey" });
  if (method === "HEAD") return end(response, 200, { "content-length": object.length });
  if (state.knowsNoRanges || headers.range === undefined) {
    response.end(object);
    return 200;
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  if (Number(from) >= object.length) return refuse(response, { status: 416, code: "InvalidRange" });
  const part = object.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, { "content-length": part.length }).end(part);
  return 206;
}

function end(response: ServerResponse, status: number, headers: Record<string, number> = {}): number {
  response.writeHead(status, headers).end();
  return status;
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();

/** Why a request is not served; null where it is. */
function refusalOf(request: IncomingMessage, body: Buffer, { bucket, region }: Serving) {
  const { headers, url = "", method = "" } = request;
  const [, key, date, scope, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  if (signature === undefined || scope !== `${region}/s3/aws4_request`)
    return { status: 400, code: "AuthorizationHeaderMalformed" };
  if (key !== S3_KEYS.accessKey) return { status: 403, code: "InvalidAccessKeyId" };
  const time = String(headers["x-amz-date"]);
  if (Math.abs(parseTime(time) - Date.now()) > 900_000) return { status: 403, code: "RequestTimeTooSkewed" };
  const [path, query = ""] = url.split("?");
  const names = signed!.split(";");
  if (!names.includes("host") || !names.includes("x-amz-content-sha256"))
    return { status: 403, code: "AccessDenied" };
  const canonical = [
    method,
    path,
    query.split("&").sort().join("&"),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signed,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, `${date}/${scope}`, sha256(canonical)].join("\n");
  const secret = [date!, region, "s3", "aws4_request"].reduce<Buffer | string>(
    hmac,
    `AWS4${S3_KEYS.secretKey}`,
  );
  if (!timingSafeEqual(hmac(secret, toSign), Buffer.from(signature, "hex")))
    return { status: 403, code: "SignatureDoesNotMatch" };
  if (sha256(body) !== headers["x-amz-content-sha256"])
    return { status: 400, code: "XAmzContentSHA256Mismatch" };
  if (method === "PUT" && headers["content-length"] === undefined)
    return { status: 411, code: "MissingContentLength" };
  if (!url.startsWith(`/${bucket}/`)) return { status: 404, code: "NoSuchBucket" };
  return null;
}

/** `20261128T080000Z` */
function parseTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
