import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { attachClientAddress } from "../../../../lib/identity/forwarded-client.ts";
import { receiveBody } from "../../../../server/receive-body.ts";
import * as nothing from "../[...path]/route.ts";
import * as group from "../Groups/[id]/route.ts";
import * as groups from "../Groups/route.ts";
import type { ScimHandler } from "../handle-scim.ts";
import * as resourceTypes from "../ResourceTypes/route.ts";
import * as schemas from "../Schemas/route.ts";
import * as serviceProviderConfig from "../ServiceProviderConfig/route.ts";
import * as user from "../Users/[id]/route.ts";
import * as users from "../Users/route.ts";

type Methods = Partial<Record<string, ScimHandler>>;

const ROUTES: readonly [RegExp, Methods][] = [
  [/^\/scim\/v2\/Users$/, users],
  [/^\/scim\/v2\/Users\/([^/]+)$/, user],
  [/^\/scim\/v2\/Groups$/, groups],
  [/^\/scim\/v2\/Groups\/([^/]+)$/, group],
  [/^\/scim\/v2\/ServiceProviderConfig$/, serviceProviderConfig],
  [/^\/scim\/v2\/ResourceTypes$/, resourceTypes],
  [/^\/scim\/v2\/Schemas$/, schemas],
  [/./, nothing],
];

export interface ScimAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of an answer is for the test to say
  body: any;
}

export interface ScimServer {
  url: string;
  /** `body`: sent as JSON; a text as it is. `token`: null sends none. */
  send(
    method: string,
    path: string,
    options?: { token?: string | null; body?: unknown },
  ): Promise<ScimAnswer>;
  close(): Promise<void>;
}

/** SCIM's routes on a server of their own, with the bounds of the console's: `token` is sent where a request names none. */
export async function startScimServer(token: () => string): Promise<ScimServer> {
  const server = createServer((request, response) => {
    attachClientAddress(request, "203.0.113.30");
    receiveBody(request, response, (received) => {
      answer(received, url)
        .then(async (answered) => {
          response.writeHead(answered.status, [...answered.headers].flat());
          response.end(Buffer.from(await answered.arrayBuffer()));
        })
        .catch((error: Error) => response.destroy(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send: ScimServer["send"] = async (method, path, options = {}) => {
    const bearer = options.token === undefined ? token() : options.token;
    const { body } = options;
    const answered = await fetch(`${url}/scim/v2/${path}`, {
      method,
      headers: {
        "content-type": "application/scim+json",
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answered.text();
    return {
      status: answered.status,
      headers: answered.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, send, close };
}

function answer(request: IncomingMessage, url: string): Promise<Response> {
  const address = new URL(request.url ?? "/", url);
  const [pattern, methods] = ROUTES.find(([each]) => each.test(address.pathname))!;
  const handler = methods[request.method ?? ""];
  if (!handler) return Promise.resolve(new Response(null, { status: 405 }));
  const id = pattern.exec(address.pathname)?.[1];
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const hasBody = request.method !== "GET" && request.method !== "DELETE";
  const asked = new Request(address, {
    method: request.method,
    headers,
    body: hasBody ? (request as unknown as ReadableStream) : undefined,
    duplex: "half",
  } as RequestInit);
  return handler(asked, {
    params: Promise.resolve(id === undefined ? undefined : { id: decodeURIComponent(id) }),
  });
}
