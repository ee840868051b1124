// A TLS server of one kind, which says its port and, whenever asked on stdin, the CPU time that it has spent and the memory that it holds.
import { createServer } from "node:tls";
import { attachFront, attachGateway } from "../../lib/gateway/attach.ts";
import type { ClientExchange } from "../../lib/gateway/call/client-exchange.ts";
import { FrontServer } from "../../lib/gateway/front/front-server.ts";
import { GATEWAY_SERVER_OPTIONS } from "../../lib/gateway/server-options.ts";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import type { Kind } from "../front.ts";

const kind = process.argv[2] as Kind;
const content = Buffer.alloc(1024, "x");
const headers = [
  ...["Audit-Id", "01a225b5-1360-7432-995e-1e96bf556489", "Cache-Control", "no-cache, private"],
  ...["Content-Type", "application/json", "Date", "Sun, 29 Nov 2026 05:00:00 GMT", "Content-Length", "1024"],
];
const head = { statusCode: 200, statusMessage: "OK", headers, contentLength: 1024, closes: false };

function answer(exchange: ClientExchange): void {
  exchange.writeHead(head);
  exchange.end(content);
}

const { certificate: cert, key } = await testCertificates();
const server = serve();
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
process.stdin.on("data", (asked: Buffer) => {
  if (String(asked).includes("collect")) global.gc?.();
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuUs: user + system, rss: process.memoryUsage.rss() }));
});

function serve() {
  if (kind === "echo") {
    const whole = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${"x".repeat(240)}\r\n\r\n`), content]);
    return createServer({ cert, key }, (socket) => socket.on("data", () => socket.write(whole)));
  }
  const made = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, cert, key });
  const door = {
    handleExchange: answer,
    handleRequest(_request: unknown, response: import("node:http").ServerResponse) {
      response.sendDate = false;
      response.writeHead(200, "OK", headers);
      response.end(content);
    },
    handleUpgrade: () => undefined,
    handleClientError: () => undefined,
  };
  if (kind === "front") attachFront(made, door);
  else attachGateway(made, door);
  return made;
}
