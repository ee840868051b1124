import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../../test/installation.ts";
import { destinationTools } from "./tools.ts";

let installation: TestInstallation;
let server: Server;
let port: number;
let calls = 0;
const tools = destinationTools({ id: "0199a000-0000-7000-8000-000000000001", name: "siem" });

beforeAll(async () => {
  installation = await createTestInstallation(NO_DEMO);
  server = createServer((_request, response) => {
    calls += 1;
    response.end();
  });
  server.on("connection", () => (calls += 1));
  await once(server.listen(0), "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await installation.close();
});

const HOSTS = [
  "127.0.0.1",
  "localhost",
  "::1",
  "0.0.0.0",
  "::ffff:127.0.0.1",
  "169.254.169.254",
  "fd00:ec2::254",
];

test.each(HOSTS)(
  "nothing is dialled at %s, by address or by name, unless settings permit it",
  async (host) => {
    const address = { host, port };
    const signal = AbortSignal.timeout(20_000);
    const refusal = /this machine itself|link-local or a metadata service/;
    await expect(tools.dial(address, signal)).rejects.toThrow(refusal);
    await expect(tools.dialTls(address, {}, signal)).rejects.toThrow(refusal);
    const dispatcher = tools.dispatcher();
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
    await expect(request(url, { dispatcher, signal })).rejects.toThrow(refusal);
    await dispatcher.close();
    expect(calls).toBe(0);
  },
);
