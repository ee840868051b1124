import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { GATEWAY_SERVER_OPTIONS } from "../lib/gateway/server-options.ts";
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections } from "./connection-limits.ts";

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) "destroy" in each ? each.destroy() : each.close().closeAllConnections();
});

async function listen(limits: Partial<ConnectionLimits>, isTrusted = () => false): Promise<number> {
  const server = createServer(GATEWAY_SERVER_OPTIONS, (request, response) => {
    request.resume().on("end", () => response.end("answered"));
  });
  limitConnections(server, isTrusted, { ...CONNECTION_LIMITS, ...limits });
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

async function connectTo(
  port: number,
): Promise<{ socket: Socket; received: () => string; closed: () => boolean }> {
  const socket = connect(port, "127.0.0.1");
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
  await once(socket, "connect");
  return { socket, received: () => received, closed: () => closed };
}

const HEAD = "GET / HTTP/1.1\r\nHost: a\r\n";

it("takes so many connections of a network, and of a trusted proxy any number", async () => {
  const port = await listen({ mostOfNetwork: 3 });
  const connections = await Promise.all(Array.from({ length: 5 }, () => connectTo(port)));
  await expect.poll(() => connections.filter(({ closed }) => closed()).length).toBe(2);
  const trusting = await listen({ mostOfNetwork: 1 }, () => true);
  const proxied = await Promise.all([connectTo(trusting), connectTo(trusting)]);
  for (const { socket } of proxied) socket.write(`${HEAD}Connection: close\r\n\r\n`);
  await expect.poll(() => proxied.every(({ received }) => received().endsWith("answered"))).toBe(true);
});

it("closes the longest of many heads that do not end, also on a connection that was answered before", async () => {
  const port = await listen({ headBytes: 500_000, sweepMs: 50 });
  const [short, ...long] = await Promise.all(Array.from({ length: 6 }, () => connectTo(port)));
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
  const port = await listen({ headBytes: 100_000, sweepMs: 50 });
  const { socket, received, closed } = await connectTo(port);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  socket.write("x".repeat(999_999));
  const idle = await connectTo(port);
  idle.socket.write(HEAD);
  // What is too long was looked for, and found elsewhere.
  const long = await connectTo(port);
  long.socket.write(HEAD);
  for (let i = 0; i < 15; i++) long.socket.write(`X-${i}: ${"x".repeat(10_000)}\r\n`);
  await expect.poll(long.closed).toBe(true);
  expect(closed()).toBe(false);
  socket.write("x");
  await expect.poll(received).toContain("answered");
});
