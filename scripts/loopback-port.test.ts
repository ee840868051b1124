import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { findLoopbackPort, listenBriefly } from "./loopback-port.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

test("a port is none that a connection gets, and one can listen on it", async () => {
  const [first] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split("\t").map(Number);
  const ports = await Promise.all(Array.from({ length: 50 }, findLoopbackPort));
  expect(Math.max(...ports)).toBeLessThan(first!);
  expect(new Set(ports).size).toBeGreaterThan(40);
  server = createServer();
  await new Promise<void>((resolve) => server!.listen(ports[0], "127.0.0.1", resolve));
  expect(await listenBriefly(ports[0]!)).toBeNull();
  expect(await listenBriefly(ports[1]!)).toBe(ports[1]);
});
