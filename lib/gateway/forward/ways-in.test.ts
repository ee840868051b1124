import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { until } from "../testing/memory-recorder.ts";
import { connectRaw } from "../testing/raw-client.ts";
import { send } from "../testing/request.ts";
import { ALICE_TOKEN, startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

// What holds for a forwarded call whoever reads its client's connection.

const PODS = "/api/v1/namespaces/a/pods";
const MEBIBYTE = 2 ** 20;

describe.each(["front", "node"] as const)("a call whose connection the %s reads", (readBy) => {
  let api: ApiServer;
  let gateway: TestGateway;
  let list: ApiServer["onRequest"];

  beforeAll(async () => {
    [api, gateway] = await Promise.all([startApiServer(), startTestGateway({ readBy })]);
    gateway.addCluster("prod", api.upstream);
    list = api.onRequest;
  });
  beforeEach(() => {
    gateway.recorder.clear();
    gateway.recorder.gate = null;
    api.seen.length = 0;
    api.onRequest = list;
  });
  afterAll(async () => {
    await gateway.close();
    await api.close();
  });

  const head = (method: string, path: string, ...lines: string[]) =>
    [
      `${method} /k8s/clusters/prod${path} HTTP/1.1`,
      ...["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`],
      ...lines,
      "\r\n",
    ].join("\r\n");

  test.each([["Content-Length"], ["Transfer-Encoding"]])(
    "bytes pass both ways as they are, with %s",
    async (framing) => {
      const body = randomBytes(3 * MEBIBYTE);
      api.onRequest = (request, response) => {
        if (framing === "Content-Length") response.setHeader(framing, body.length);
        request.pipe(response);
      };
      const framed = framing === "Content-Length" ? String(body.length) : "chunked";
      const answer = await send({
        port: gateway.port,
        path: `prod${PODS}`,
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", [framing]: framed },
        body,
      });
      expect(answer.body.equals(body)).toBe(true);
      expect(api.seen[0]?.headers[framing.toLowerCase()]).toBe(framed);
      expect(gateway.recorder.entries).toMatchObject([
        { bytesIn: body.length, bytesOut: body.length, result: "success" },
      ]);
    },
  );

  test("a cluster that reads slowly holds the client back", async () => {
    const total = 64 * MEBIBYTE;
    let read = () => {};
    api.onRequest = (request, response) => {
      read = () => request.resume().on("end", () => response.writeHead(201).end("made"));
    };
    const client = await connectRaw(gateway.port);
    client.write(head("POST", PODS, `Content-Length: ${total}`, "Connection: close"));
    const piece = Buffer.alloc(MEBIBYTE, "x");
    let written = 0;
    const more = () => {
      while (written < total) {
        written += piece.length;
        if (!client.socket.write(piece)) return void client.socket.once("drain", more);
      }
    };
    more();
    await until(() => api.seen.length === 1, "the call");
    let before = -1;
    await until(() => {
      const still = before === client.socket.bytesWritten;
      before = client.socket.bytesWritten;
      return still;
    }, "the client to be held back");
    expect(client.socket.bytesWritten).toBeLessThan(total / 2);
    read();
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 201 [\s\S]*made/);
    expect(gateway.recorder.entries).toMatchObject([{ bytesIn: total, httpStatus: 201 }]);
  });

  test("what comes behind a whole change and is no HTTP does not touch its answer", async () => {
    let answer = () => {};
    api.onRequest = (request, response) =>
      request.resume().on("end", () => {
        answer = () => response.writeHead(201).end("made");
      });
    const client = await connectRaw(gateway.port);
    client.write(`${head("POST", PODS, "Content-Length: 2")}{}`);
    await until(() => api.seen.length === 1, "the call");
    client.write("\0 no HTTP\r\n\r\n");
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await client.receive(/^HTTP\/1\.1 201 [\s\S]*made/)).not.toMatch(/HTTP\/1\.1 400[\s\S]*made/);
    await client.closed();
    const [row] = gateway.recorder.entries;
    expect(row).toMatchObject({ httpStatus: 201, result: "success", verb: "create" });
  });

  test("a client that leaves while its answer waits for the record is let go", async () => {
    let open = () => {};
    gateway.recorder.gate = new Promise((resolve) => {
      open = resolve;
    });
    const client = await connectRaw(gateway.port);
    client.write(head("GET", PODS));
    await gateway.recorder.atLeast(1);
    client.socket.destroy();
    await client.closed();
    open();
    gateway.recorder.gate = null;
    expect((await send({ port: gateway.port, path: `prod${PODS}` })).status).toBe(200);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 200 }, { httpStatus: 200 }]);
  });

  test("the answer of a cluster that does not wait for the body ends the body's reading, and nothing behind it is a request", async () => {
    api.onRequest = (request, response) => {
      request.once("data", () => response.writeHead(413).end("too large"));
    };
    const client = await connectRaw(gateway.port);
    client.write(`${head("POST", PODS, "Content-Length: 100000")}${"x".repeat(1_000)}`);
    await client.receive(/^HTTP\/1\.1 413 [\s\S]*Connection: close[\s\S]*too large/i);
    client.write("x".repeat(99_000) + head("DELETE", PODS));
    await client.closed();
    expect(api.seen.map(({ method }) => method)).toEqual(["POST"]);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 413, verb: "create" }]);
  });

  test("a defect of the gateway's ends the call that met it alone, and is on the record", async () => {
    const upstream = {
      ...api.upstream,
      credentialRefused() {
        throw new Error("a defect");
      },
    };
    gateway.addCluster("defect", upstream);
    api.onRequest = (_request, response) => response.writeHead(401).end();
    const answer = await send({ port: gateway.port, path: `defect${PODS}` });
    expect([answer.status, answer.json().message]).toEqual([
      500,
      "The cluster answered (401), but not to you: the gateway failed, and its log has the call's id.",
    ]);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 500, result: "failure" }]);
    api.onRequest = list;
    expect((await send({ port: gateway.port, path: `prod${PODS}` })).status).toBe(200);
  });
});
