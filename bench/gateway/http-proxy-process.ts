// A plain reverse proxy in Node, made with http-proxy: TLS in front and behind, keep-alive, no identity, no decision, no record. What
// the gateway's own path to the cluster is compared with. Prints one line of JSON when it serves. Started by bench/gateway.ts.
import { readFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import httpProxy from "http-proxy";

const [target, tlsFolder] = process.argv.slice(2) as [string, string];
const read = (name: string) => readFileSync(`${tlsFolder}/${name}`, "utf8");

const proxy = httpProxy.createProxyServer({
  target,
  agent: new https.Agent({ keepAlive: true, ca: read("ca.crt") }),
  headers: { Authorization: "Bearer upstream-token" },
});
// wrk closes its connections at the end of a run.
proxy.on("error", () => undefined);
const server = https.createServer(
  { cert: read("server.crt"), key: read("server.key") },
  (request, response) => {
    proxy.web(request, response);
  },
);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
