import { writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthority, issueServerCertificate } from "../../lib/pki/issue-certificate.ts";
import { startAgent, stateFolder, type TestAgent } from "../testing/test-agent.ts";
import { TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

// Mode agent: the hub sends HTTP/1.1 without a credential, and an API server that shows what came to it.

const folder = stateFolder();
const tokenFile = path.join(folder.path, "token");
let hub: TestHub;
let agent: TestAgent;
let api: https.Server;

beforeAll(async () => {
  const authority = await createAuthority("Kubernetes");
  const { certificate, key } = await issueServerCertificate(authority, { hosts: ["127.0.0.1"] });
  api = https.createServer({ cert: certificate, key }, (request, response) => {
    if (request.url === "/late") {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      return;
    }
    if (request.url === "/break") {
      request.socket.destroy();
      return;
    }
    request
      .resume()
      .on("end", () => response.end(JSON.stringify({ raw: request.rawHeaders, url: request.url })));
  });
  api.on("upgrade", (request, socket: Socket) => {
    socket.on("error", () => socket.destroy());
    if (request.url !== "/exec") {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
      return;
    }
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Auth: ${request.headers.authorization}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  await writeFile(path.join(folder.path, "ca.crt"), authority.certificate);
  await writeFile(tokenFile, "first-token\n");
  hub = await TestHub.start({ credential: "agent" });
  agent = startAgent({
    KUBEWITNESS_URL: hub.url,
    KUBEWITNESS_JOIN_TOKEN: hub.createJoinToken(),
    KUBEWITNESS_AGENT_STATE: path.join(folder.path, "state"),
    KUBEWITNESS_AGENT_MODE: "agent",
    KUBERNETES_API_SERVER: `https://127.0.0.1:${(api.address() as AddressInfo).port}`,
    KUBERNETES_CA_FILE: path.join(folder.path, "ca.crt"),
    KUBERNETES_TOKEN_FILE: tokenFile,
  });
  await until(() => hub.connections.length, "a connection");
});
afterAll(async () => {
  await agent.stop();
  await hub.close();
  api.closeAllConnections();
  api.close();
  await folder.remove();
});

/** One call on a stream of its own. */
async function call(url: string, options: http.RequestOptions = {}) {
  const stream = await hub.connect();
  const request = http.request({ path: url, createConnection: () => stream as never, ...options });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request
      .on("response", resolve)
      .on("error", reject)
      .end(options.method === "POST" ? "body" : undefined);
  });
  return { stream, response };
}

async function seen(response: http.IncomingMessage): Promise<{ url: string; headers: [string, string][] }> {
  let text = "";
  for await (const chunk of response) text += chunk;
  const { raw, url } = JSON.parse(text) as { raw: string[]; url: string };
  return {
    url,
    headers: raw.flatMap((_, index) =>
      index % 2 ? [] : [[raw[index]!, raw[index + 1]!] as [string, string]],
    ),
  };
}

test("adds the service account's token, keeps who is impersonated, and no other proof", async () => {
  const { response } = await call("/api/v1/pods?a=%2F", {
    headers: [
      ...["Host", "x", "Authorization", "Bearer of-the-hub", "X-Remote-User", "root", "Cookie", "a=b"],
      ...[
        "Impersonate-User",
        "anna",
        "Impersonate-Group",
        "one",
        "Impersonate-Group",
        "two",
        "Accept",
        "application/json",
      ],
    ] as never,
  });
  const { url, headers } = await seen(response);
  expect(url).toBe("/api/v1/pods?a=%2F");
  expect(headers.filter(([name]) => !/^(connection|host)$/i.test(name))).toEqual([
    ["Authorization", "Bearer first-token"],
    ["Impersonate-User", "anna"],
    ["Impersonate-Group", "one"],
    ["Impersonate-Group", "two"],
    ["Accept", "application/json"],
  ]);
  expect(response.rawHeaders.filter((name) => name === "Date")).toHaveLength(1);
});

test("answers begin before there is anything in them", async () => {
  const { stream, response } = await call("/late");
  expect(response.statusCode).toBe(200);
  stream.destroy();
});

test("a connection that the API server breaks off breaks off at the gateway", async () => {
  await expect(call("/break")).rejects.toThrow(/hang up|reset/i);
});

test("upgrades pass both ways", async () => {
  const stream = await hub.connect();
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  stream.write("POST /exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
  await until(() => text.includes("\r\n\r\n"));
  expect(text).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
  expect(text).toContain("X-Auth: Bearer first-token\r\n");
  stream.write("keys");
  await until(() => text.endsWith("keys"));
  stream.destroy();
});

test("an upgrade that is refused is passed on", async () => {
  const stream = await hub.connect();
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  stream.write("POST /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n");
  await until(() => text.endsWith("no"));
  expect(text).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
  stream.destroy();
});
