import { once } from "node:events";
import { type IncomingMessage, request, type Server } from "node:http";
import { Agent, type RequestOptions, request as requestTls } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { RunningGateway } from "../lib/gateway/start.ts";
import { answerExchange } from "../lib/gateway/testing/answer-exchange.ts";
import { createAuthority, issueServerCertificate } from "../lib/pki/issue-certificate.ts";
import { closeServers } from "./drain.ts";
import { createHealth } from "./health.ts";
import { createKubeServer, createWebServer, type Responder } from "./listeners.ts";
import { createRefusedMethods } from "./refused-methods.ts";

const open: Server[] = [];
afterEach(() => closeServers(open.splice(0), 0));

/** Says that it was asked. */
const gateway: RunningGateway = {
  handleExchange: (exchange) => answerExchange(exchange, "gateway"),
  handleRequest: (_request, response) => response.end("gateway"),
  handleUpgrade: (_request, socket) => socket.end("HTTP/1.1 403 gateway\r\nContent-Length: 0\r\n\r\n"),
  handleClientError: (_error, socket) => socket.destroy(),
  drain: async () => {},
};

const listen = async (responders: Responder[]) => {
  const server = createWebServer(gateway, responders);
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, port: (server.address() as AddressInfo).port };
};

const health = (reason: string | null, troubles: string[] = []) =>
  createHealth({
    troubles: () => troubles,
    admission: () => (reason === null ? { admitted: true } : { admitted: false, reason }),
    authority: "PEM",
  });

it("answers health checks, readiness with its reason", async () => {
  const { port } = await listen([health("the journal is full")]);
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return [response.status, await response.text()];
  };
  expect(await get("/healthz")).toEqual([200, "ok\n"]);
  expect(await get("/readyz")).toEqual([503, "the journal is full\n"]);
  expect(await get("/ca.crt")).toEqual([200, "PEM"]);
  expect(await get("/healthz", { method: "POST" })).toEqual([405, "takes GET\n"]);
  expect((await get("/metrics"))[0]).toBe(404);
  expect(await get("/elsewhere")).toEqual([404, "not found\n"]);
});

it("answers methods that no page can have, before anybody else", async () => {
  const owner: Responder = {
    owns: () => true,
    handleRequest: (_request, response) => response.end("console"),
  };
  const { port } = await listen([createRefusedMethods({ development: false }), owner]);
  const status = (method: string, path = "/audit?x") =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ port, host: "127.0.0.1", method, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject).end();
    });
  expect(await status("TRACE")).toBe(405);
  expect(await status("TRACE", "/api/v1/me")).toBe(405);
  expect(await status("GET")).toBe(200);
  // A page changes nothing; what changes something is the API's.
  for (const method of ["POST", "PUT", "DELETE", "PROPFIND"]) expect(await status(method)).toBe(405);
  expect(await status("POST", "/api/v1/token")).toBe(200);
  expect(await status("DELETE", "/v1/k8s/audit")).toBe(200);
});

it("answers 400 to what has no one meaning, before anybody else", async () => {
  const owner: Responder = {
    owns: () => true,
    handleRequest: (_request, response) => response.end("console"),
  };
  const { port } = await listen([owner]);
  const status = (path: string, headers: string[] = ["Host: localhost"]) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let received = "";
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.on("end", () => resolve(received.slice(9, 12))).on("error", reject);
      socket.write([`GET ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
    });
  expect(await status("/audit/caf%C3%A9?filter=%")).toBe("200");
  for (const path of ["/%", "/audit/%zz", "/api/v1/users/%ff", "/_next/static/%E0%A4%A"]) {
    expect([path, await status(path)]).toEqual([path, "400"]);
  }
  for (const headers of [
    ["Host: localhost", "Authorization: Bearer a", "authorization: Bearer b"],
    ["Host: a b"],
    ["Host: a", "Host: b"],
    [],
  ]) {
    expect([headers, await status("/api/v1/me", headers)]).toEqual([headers, "400"]);
  }
});

it("says on readiness what is wrong though calls are taken", async () => {
  const { port } = await listen([health(null, ["1 journal could not be read and is set aside"])]);
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect([response.status, await response.text()]).toEqual([
    200,
    "ok\n1 journal could not be read and is set aside\n",
  ]);
});

it("gives requests and upgrades under /k8s/ to the gateway, others to the first that owns them", async () => {
  const responder = (name: string, path: string): Responder => ({
    owns: (incoming) => incoming.url?.startsWith(path) ?? false,
    handleRequest: (_request, response) => response.end(name),
    handleUpgrade: (_request, socket) => socket.end(`HTTP/1.1 403 ${name}\r\nContent-Length: 0\r\n\r\n`),
  });
  const { port } = await listen([responder("first", "/api/"), responder("last", "/")]);
  const answers = {
    "/k8s/clusters/a/api": "gateway",
    "//k8s": "gateway",
    "/api/x": "first",
    "/audit": "last",
  };
  for (const [path, name] of Object.entries(answers)) {
    expect(await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).toBe(name);
    const headers = { Connection: "Upgrade", Upgrade: "websocket" };
    const [refused] = await once(request({ port, path, headers }).end(), "response");
    expect(refused.statusMessage).toBe(name);
  }
});

it.each([
  ["two Authorization headers", ["Host", "a", "Authorization", "Bearer a", "Authorization", "Bearer b"]],
  ["a Host with a user in it", ["Host", "me@console"]],
  ["a Host with a space", ["Host", "a b"]],
  ["a Host with a path", ["Host", "a/b"]],
  ["two Hosts", ["Host", "a", "Host", "b"]],
])("refuses a request for the console with %s", async (_what, headers) => {
  const { port } = await listen([
    { owns: () => true, handleRequest: (_request, response) => response.end("taken") },
  ]);
  const [response] = await once(request({ port, path: "/api/v1/x", headers }).end(), "response");
  expect(response.statusCode).toBe(400);
  response.resume();
});

it.each(["console:3000", "[::1]:3000", "127.0.0.1", "xn--80ak6aa92e.com", ""])(
  "takes the Host %j",
  async (host) => {
    const { port } = await listen([
      { owns: () => true, handleRequest: (_request, response) => response.end("taken") },
    ]);
    const [response] = await once(request({ port, headers: ["Host", host] }).end(), "response");
    expect(response.statusCode).toBe(200);
    response.resume();
  },
);

describe("the Kubernetes port", () => {
  const listenTls = async () => {
    const authority = await createAuthority("listeners test");
    const certificate = await issueServerCertificate(authority, { hosts: ["127.0.0.1"] });
    const server = createKubeServer(certificate, gateway, [health(null)]);
    open.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const options = {
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      ca: authority.certificate,
    };
    return { server, options };
  };
  const get = (options: RequestOptions, path: string, headers = {}) =>
    once(requestTls({ ...options, path, headers }).end(), "response") as Promise<[IncomingMessage]>;
  const textOf = (response: IncomingMessage) => response.setEncoding("utf8").toArray();

  it("gives the gateway all that nobody else owns", async () => {
    const { options } = await listenTls();
    for (const path of ["/", "/api/v1/pods", "/k8s/clusters/prod/api"]) {
      const [response] = await get(options, path);
      expect(await textOf(response)).toEqual(["gateway"]);
      const [refused] = await get(options, path, { Connection: "Upgrade", Upgrade: "websocket" });
      expect(refused.statusMessage).toBe("gateway");
    }
    const [response] = await get(options, "/healthz");
    expect(await textOf(response)).toEqual(["ok\n"]);
  });

  it("does so on one connection, whoever was asked before", async () => {
    const { options } = await listenTls();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set();
    const answers = [];
    for (const path of ["/api", "/healthz", "/api", "/healthz?x", "/api/v1/pods"]) {
      const [response] = await get({ ...options, agent } as RequestOptions, path);
      sockets.add(response.socket);
      answers.push(...(await textOf(response)));
    }
    agent.destroy();
    expect(answers).toEqual(["gateway", "ok\n", "gateway", "ok\n", "gateway"]);
    expect(sockets.size).toBe(1);
  });

  it("lets a call end while it drains, and closes what is idle", async () => {
    const { server, options } = await listenTls();
    let finish = () => {};
    const [idle, busy] = await Promise.all(
      [connectTls(options), connectTls(options)].map(async (socket) => {
        await once(socket, "secureConnect");
        return socket;
      }),
    );
    const head = "GET /api HTTP/1.1\r\nHost: a\r\n\r\n";
    idle!.write(head);
    await once(idle!, "data");
    const answer = gateway.handleExchange;
    const begun = new Promise<void>((resolve) => {
      gateway.handleExchange = (exchange) => {
        finish = () => answerExchange(exchange, "late");
        resolve();
      };
    });
    busy!.write(head);
    await begun;
    gateway.handleExchange = answer;
    const ends = [once(idle!.resume(), "close"), once(busy!, "close")];
    const closed = closeServers([server], 10_000);
    await ends[0];
    const text = once(busy!, "data");
    finish();
    expect(String((await text)[0])).toMatch(/\r\nConnection: close\r\n.*late$/s);
    await Promise.all([closed, ends[1]]);
  });
});

it("refuses an upgrade that nobody takes", async () => {
  const { port } = await listen([health(null)]);
  const upgrade = request({
    port,
    path: "/healthz",
    headers: { Connection: "Upgrade", Upgrade: "SPDY/3.1" },
  }).end();
  const [response] = await once(upgrade, "response");
  expect(response.statusCode).toBe(404);
  response.resume();
});

it("lets a call end while it drains, and no new one begin", async () => {
  let finish = () => {};
  const slow: Responder = {
    owns: () => true,
    handleRequest: (_request, response) => {
      response.write("first ");
      finish = () => response.end("last");
    },
  };
  const { server, port } = await listen([slow]);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const closed = closeServers([server], 10_000);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
  finish();
  expect(await response.text()).toBe("first last");
  await closed;
});

it("closes connections that changed protocol when their time is up", async () => {
  const tunnel: Responder = {
    owns: () => true,
    handleRequest: (_request, response) => response.end(),
    handleUpgrade: (_request, socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    },
  };
  const { server, port } = await listen([tunnel]);
  const headers = { Connection: "Upgrade", Upgrade: "websocket" };
  const [, socket] = await once(request({ port, path: "/", headers }).end(), "upgrade");
  socket.on("error", () => {});
  const ended = once(socket, "close");
  await closeServers([server], 50);
  await ended;
});

it("closes what does not end in time", async () => {
  const { server, port } = await listen([
    { owns: () => true, handleRequest: (_request, response) => response.write("x") },
  ]);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await closeServers([server], 50);
  await expect(response.text()).rejects.toThrow("terminated");
});

it("waits for what is being answered beyond its time", async () => {
  let finish = () => {};
  const { server, port } = await listen([
    {
      owns: () => true,
      handleRequest: (_request, response) => {
        response.write("first ");
        finish = () => response.end("last");
      },
    },
  ]);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const closed = closeServers([server], 0, answered);
  const text = response.text();
  // Timers of one length fire in their order: the time is up.
  await new Promise((resolve) => setTimeout(resolve, 0));
  finish();
  expect(await text).toBe("first last");
  resolve();
  await closed;
});
