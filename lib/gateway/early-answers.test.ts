import tls from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { testCertificates } from "./testing/certificates.ts";
import { ALICE_TOKEN, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

const UPLOAD_BYTES = 24 * 2 ** 20;
const BEHIND_THE_BODY = `DELETE /k8s/clusters/prod/api/v1/namespaces/b HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n\r\n`;

let api: ApiServer;
let gateway: TestGateway;
beforeAll(async () => {
  api = await startApiServer();
  gateway = await startTestGateway();
  gateway.addCluster("prod", api.upstream);
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

/** Sends all of its body before it looks at the answer, as many clients do; yields the answer's bytes, or how it failed. */
async function upload(): Promise<string> {
  const { ca } = await testCertificates();
  const socket = tls.connect({ host: "127.0.0.1", port: gateway.port, ca });
  socket.pause();
  const head = [
    "POST /k8s/clusters/prod/api/v1/namespaces/a/configmaps HTTP/1.1",
    ...["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "Content-Type: application/json"],
    ...[`Content-Length: ${UPLOAD_BYTES}`, "Connection: close", "\r\n"],
  ];
  return new Promise((resolve) => {
    socket.on("error", (error) => resolve(String(error)));
    socket.write(head.join("\r\n"));
    socket.write(Buffer.alloc(UPLOAD_BYTES, " "));
    // RFC 9112 §9.6: after the last answer nothing is a request.
    socket.write(BEHIND_THE_BODY, () => {
      let answer = "";
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
      });
      socket.resume();
      socket.on("end", () => {
        socket.destroy();
        resolve(answer);
      });
    });
  });
}

test.each([413, 403])("a %i that comes before the body is whole reaches every client", async (status) => {
  const message = "refused before it was read";
  api.onRequest = (request, response) => {
    request.once("data", () => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ kind: "Status", status: "Failure", message, code: status }));
      // As Go's server does: the rest is read for a while, then the connection is closed.
      request.resume();
    });
  };
  const outcomes: string[] = [];
  for (let i = 0; i < 10; i++) {
    outcomes.push((await upload()).replace(/\r\n.*?\r\n\r\n/s, " "));
  }
  expect(new Set(api.seen.map(({ method }) => method))).toEqual(new Set(["POST"]));
  expect(new Set(outcomes)).toEqual(
    new Set([expect.stringMatching(new RegExp(`^HTTP/1.1 ${status} [^]*${message}`))]),
  );
});
