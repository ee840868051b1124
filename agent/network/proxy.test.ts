import http, { type IncomingMessage } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Lab } from "../testing/lab.ts";
import { until } from "../testing/until.ts";

const lab = new Lab();
afterEach(() => lab.close());

/** An HTTP proxy that asks for anna's password, and connects to names as this machine knows them. */
async function startProxy(): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push(`${request.url} ${request.headers.host}`);
    client.on("error", () => undefined);
    const expected = `Basic ${Buffer.from("anna:a b@c").toString("base64")}`;
    if (request.headers["proxy-authorization"] !== expected) {
      client.end(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
      );
      return;
    }
    const [host, port] = request.url!.split(":");
    const upstream = net.connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  lab.atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

test("joins and connects through the proxy, with its password; TLS is the gateway's own", async () => {
  const [hub, proxy] = [await lab.hub(), await startProxy()];
  const echo = await lab.server();
  lab.agent({ ...lab.environment(hub, echo), HTTPS_PROXY: `http://anna:a%20b%40c@127.0.0.1:${proxy.port}` });
  await until(() => hub.connections[0], "a connection");
  const target = `localhost:${hub.port}`;
  // The authority, the join, the tunnel. The API server is in the agent's own network.
  expect(proxy.asked).toEqual([`${target} ${target}`, `${target} ${target}`, `${target} ${target}`]);
  const stream = await hub.connect();
  stream.write("through");
  expect(String(await new Promise((resolve) => stream.once("data", resolve)))).toBe("through");
  stream.destroy();
});

test("says what the proxy answered, and no password", async () => {
  const [hub, proxy] = [await lab.hub(), await startProxy()];
  const agent = lab.agent({
    ...lab.environment(hub, 1),
    HTTPS_PROXY: `http://anna:wrong-one@127.0.0.1:${proxy.port}`,
  });
  const line = await until(() => agent.lines.find((each) => each.includes("not joined")), "a refusal");
  expect(line).toContain(
    `the proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY) answered 407 Proxy Authentication Required`,
  );
  expect(line).not.toContain("wrong-one");
  expect(hub.asked).toEqual([]);
});

test("NO_PROXY leaves the proxy out", async () => {
  const [hub, proxy] = [await lab.hub(), await startProxy()];
  const environment = lab.environment(hub, 1);
  lab.agent({
    ...environment,
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: "example.com,localhost",
  });
  await until(() => hub.connections[0], "a connection");
  expect(proxy.asked).toEqual([]);
});
