import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { ReceiverCertificates } from "./certificates.ts";

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** As it was before it was compressed. */
  body: Buffer;
  sentBytes: number;
}

/** `hangs`: nothing is answered. */
export interface GivenAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  hangs?: boolean;
}

export interface TestReceiver {
  url: string;
  requests: ReceivedRequest[];
  /** What each request is answered with. */
  answer: (request: ReceivedRequest) => GivenAnswer;
  close(): Promise<void>;
}

/** A receiver on this machine; with certificates it speaks TLS, and takes client certificates of the same authority alone. */
export async function startReceiver(
  answer: TestReceiver["answer"] = () => ({ status: 200 }),
  certificates?: ReceiverCertificates & { asksForClient?: boolean },
): Promise<TestReceiver> {
  const receiver: TestReceiver = { url: "", requests: [], answer, close: async () => {} };
  const listener: RequestListener = async (request, response) => {
    const sent = Buffer.concat(await request.toArray());
    const { method = "", url = "", headers } = request;
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const received = { method, path: url, headers, body, sentBytes: sent.length };
    receiver.requests.push(received);
    const given = receiver.answer(received);
    if (given.hangs) return;
    response.writeHead(given.status, given.headers).end(given.body ?? "");
  };
  const server = certificates
    ? createHttpsServer(
        {
          cert: certificates.server.certificate,
          key: certificates.server.key,
          ca: certificates.ca,
          requestCert: certificates.asksForClient ?? false,
        },
        listener,
      )
    : createHttpServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  receiver.url = certificates ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  receiver.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return receiver;
}
