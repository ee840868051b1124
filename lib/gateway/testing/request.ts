import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import { testCertificates } from "./certificates.ts";
import { ALICE_TOKEN } from "./test-gateway.ts";

export interface TestAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  trailers: NodeJS.Dict<string>;
  body: Buffer;
  json(): { message?: string; reason?: string; code?: number; kind?: string };
}

export interface TestRequest {
  port: number;
  /** After `/k8s/clusters/`. */
  path: string;
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Null: no Authorization header. */
  token?: string | null;
}

/** One ordinary request through the gateway. */
export async function send({
  port,
  path,
  method = "GET",
  headers = {},
  body,
  token = ALICE_TOKEN,
}: TestRequest): Promise<TestAnswer> {
  const { ca } = await testCertificates();
  const authorization = token === null ? {} : { Authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: "127.0.0.1",
        port,
        ca,
        method,
        agent: false,
        path: `/k8s/clusters/${path}`,
        headers: { ...authorization, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const whole = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            trailers: response.trailers,
            body: whole,
            json: () => JSON.parse(whole.toString("utf8")),
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
