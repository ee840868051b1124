import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { attachFront } from "../lib/gateway/attach.ts";
import { FrontServer } from "../lib/gateway/front/front-server.ts";
import { GATEWAY_SERVER_OPTIONS } from "../lib/gateway/server-options.ts";
import { answerExchange } from "../lib/gateway/testing/answer-exchange.ts";
import { testCertificates } from "../lib/gateway/testing/certificates.ts";
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections } from "./connection-limits.ts";

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) "destroy" in each ? each.destroy() : each.close().closeAllConnections();
});

/** Who reads the connections: node:http alone, or the gateway's front before it. */
type Reader = "node:http" | "the front";

async function listen(
  reader: Reader,
  limits: Partial<ConnectionLimits>,
  isTrusted = () => false,
): Promise<number> {
  const server = reader === "the front" ? await createFront() : createServer(GATEWAY_SERVER_OPTIONS, answer);
  limitConnections(server, isTrusted, { ...CONNECTION_LIMITS, ...limits });
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

const answer: RequestListener = (request, response) => {
  request.resume().on("end", () => response.end("answered"));
};

async function createFront(): Promise<FrontServer> {
  const { certificate: cert, key } = await testCertificates();
  const server = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, cert, key });
  attachFront(server, {
    handleExchange: (exchange) =>
      exchange.readBody({
        onData: () => true,
        onEnd: () => answerExchange(exchange, "answered"),
        onBroken: () => exchange.destroy(),
      }),
    handleRequest: answer,
    handleUpgrade: (_request, socket) => socket.destroy(),
    handleClientError: (_error, socket) => socket.destroy(),
  });
  return server;
}

async function connectTo(
  reader: Reader,
  port: number,
): Promise<{ socket: Socket; received: () => string; closed: () => boolean }> {
  const options = { port, host: "127.0.0.1" };
  const socket =
    reader === "the front" ? connectTls({ ...options, ca: (await testCertificates()).ca }) : connect(options);
  open.push(socket);
  let received = "";
  let closed = false;
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
  });
  // Of a connection that is refused, TLS comes to nothing.
  const connected = reader === "the front" ? "secureConnect" : "connect";
  await new Promise<void>((resolve) => socket.once(connected, resolve).once("close", resolve));
  return { socket, received: () => received, closed: () => closed };
}

const HEAD = "GET / HTTP/1.1\r\nHost: a\r\n";

describe.each<Reader>(["node:http", "the front"])("of connections that %s reads", (reader) => {
  it("takes so many connections of a network, and of a trusted proxy any number", async () => {
    const port = await listen(reader, { mostOfNetwork: 3 });
    const connections = await Promise.all(Array.from({ length: 5 }, () => connectTo(reader, port)));
    await expect.poll(() => connections.filter(({ closed }) => closed()).length).toBe(2);
    const trusting = await listen(reader, { mostOfNetwork: 1 }, () => true);
    const proxied = await Promise.all([connectTo(reader, trusting), connectTo(reader, trusting)]);
    for (const { socket } of proxied) socket.write(`${HEAD}Connection: close\r\n\r\n`);
    await expect.poll(() => proxied.every(({ received }) => received().endsWith("answered"))).toBe(true);
  });

  it("closes the longest of many heads that do not end, also on a connection that was answered before", async () => {
    const port = await listen(reader, { headBytes: 500_000, sweepMs: 50 });
    const [short, ...long] = await Promise.all(Array.from({ length: 6 }, () => connectTo(reader, port)));
    for (const { socket, received } of long) {
      socket.write(`${HEAD}\r\n`);
      await expect.poll(received).toContain("answered");
    }
    short!.socket.write(HEAD);
    for (const { socket } of long) {
      socket.write(HEAD);
      for (let i = 0; i < 15; i++) socket.write(`X-${i}: ${"x".repeat(10_000)}\r\n`);
    }
    await expect.poll(() => long.filter(({ closed }) => closed()).length).toBeGreaterThanOrEqual(2);
    short!.socket.write("Connection: close\r\n\r\n");
    await expect.poll(() => short!.received()).toContain("answered");
  });

  it("closes nothing whose body is long", async () => {
    const port = await listen(reader, { headBytes: 100_000, sweepMs: 50 });
    const { socket, received, closed } = await connectTo(reader, port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    socket.write("x".repeat(999_999));
    const idle = await connectTo(reader, port);
    idle.socket.write(HEAD);
    // What is too long was looked for, and found elsewhere.
    const long = await connectTo(reader, port);
    long.socket.write(HEAD);
    for (let i = 0; i < 15; i++) long.socket.write(`X-${i}: ${"x".repeat(10_000)}\r\n`);
    await expect.poll(long.closed).toBe(true);
    expect(closed()).toBe(false);
    socket.write("x");
    await expect.poll(received).toContain("answered");
  });
});

it("closes the longest also of heads that are short enough for the front", async () => {
  // A sweep that comes while the longest arrives finds too much only once that one is the longest.
  const port = await listen("the front", { headBytes: 145_000, sweepMs: 50 });
  const clients = await Promise.all(Array.from({ length: 5 }, () => connectTo("the front", port)));
  for (const [i, { socket, received }] of clients.entries()) {
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}`);
    await expect.poll(received).toContain("answered");
    socket.write(`${HEAD}X: ${"x".repeat((i + 1) * 10_000)}\r\n`);
  }
  await expect.poll(() => clients.map(({ closed }) => closed())).toEqual([false, false, false, false, true]);
  clients[3]!.socket.write("Connection: close\r\n\r\n");
  await expect.poll(clients[3]!.received).toMatch(/answered.*answered/s);
});
