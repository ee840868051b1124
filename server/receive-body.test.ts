import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { GATEWAY_SERVER_OPTIONS } from "../lib/gateway/server-options.ts";
import { type BodyLimits, receiveBody } from "./receive-body.ts";

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) "destroy" in each ? each.destroy() : each.close();
});

const LIMITS: BodyLimits = { maxBytes: 64 * 1024, timeoutMs: 60_000 };

/** A server that answers with what it received. */
async function listen(limits = LIMITS): Promise<number> {
  const server = createServer(GATEWAY_SERVER_OPTIONS, (request, response) =>
    receiveBody(
      request,
      response,
      async (received) => {
        const chunks: Buffer[] = [];
        for await (const chunk of received) chunks.push(chunk as Buffer);
        response.end(`${received.method} ${received.url} ${received.headers.a} ${Buffer.concat(chunks)}`);
      },
      limits,
    ),
  );
  server.on("checkContinue", (request, response) => server.emit("request", request, response));
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

/** Writes bytes and yields all that comes until the server closes. */
async function send(port: number, writeTo: (socket: Socket) => void): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  open.push(socket);
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  writeTo(socket);
  // Whoever goes on writing is reset in the end, with the answer in hand.
  await new Promise((resolve) => socket.once("close", resolve));
  return received;
}

it("passes a request on with its body, announced, chunked and waited for", async () => {
  const port = await listen();
  const body = "ä".repeat(1_000);
  const answer = await fetch(`http://127.0.0.1:${port}/x?y`, { method: "POST", body, headers: { a: "b" } });
  expect(await answer.text()).toBe(`POST /x?y b ${body}`);
  expect(
    await send(port, (socket) =>
      socket.write(
        "PUT / HTTP/1.1\r\nHost: a\r\na: c\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" +
          "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
      ),
    ),
  ).toMatch(/PUT \/ c abc/);
  expect(
    await send(port, (socket) => {
      socket.write(
        "POST / HTTP/1.1\r\nHost: a\r\na: d\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
      );
      socket.once("data", (first) => {
        expect(first.toString()).toContain("100 Continue");
        socket.write("ok");
      });
    }),
  ).toMatch(/POST \/ d ok/);
});

it("takes a long kubeconfig where one is imported, and few at once", async () => {
  const server = createServer(GATEWAY_SERVER_OPTIONS, (request, response) =>
    receiveBody(request, response, async (received) => {
      let bytes = 0;
      for await (const chunk of received) bytes += (chunk as Buffer).length;
      response.end(String(bytes));
    }),
  );
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const post = (path: string, bytes: number) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: "x".repeat(bytes) });
  expect(await (await post("/api/v1/clusters/import", 500_000)).text()).toBe("500000");
  expect((await post("/api/v1/clusters/import", 600_000)).status).toBe(413);
  expect((await post("/api/v1/clusters/imports", 70_000)).status).toBe(413);
  for (let held = 0; held < 8; held++) {
    const socket = connect(port, "127.0.0.1");
    open.push(socket);
    socket.write("POST /api/v1/clusters/import HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  }
  await expect.poll(async () => (await post("/api/v1/clusters/import", 5)).status).toBe(429);
  expect((await post("/api/v1/token", 5)).status).toBe(200);
});

it("refuses a body that says it is too long before a byte of it came", async () => {
  const port = await listen();
  const answer = await send(port, (socket) =>
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000000\r\nExpect: 100-continue\r\n\r\n"),
  );
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toContain("The body is larger than 64 KB");
});

it("refuses a body that turns out too long, holds none of it and closes", async () => {
  const port = await listen();
  const chunk = Buffer.alloc(64 * 1024, "x");
  const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  let sent = 0;
  const answer = await send(port, (socket) => {
    socket.write(head);
    const write = () => {
      if (socket.destroyed || sent > 600_000_000) return;
      sent += chunk.length;
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write("\r\n", write);
    };
    write();
  });
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

it("does not wait for ever for a body that comes slowly", async () => {
  const port = await listen({ ...LIMITS, timeoutMs: 200 });
  const answer = await send(port, (socket) => {
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx");
    const slowly = setInterval(() => socket.write("x"), 50);
    socket.once("close", () => clearInterval(slowly));
  });
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain("did not come within 0.2 s");
});

it("lets go of a client that leaves amid its body", async () => {
  const port = await listen();
  await send(port, (socket) => {
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx", () => socket.destroy());
  });
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { a: "still" } });
  expect(await answer.text()).toBe("GET / still ");
});
