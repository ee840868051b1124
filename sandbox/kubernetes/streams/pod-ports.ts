import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import { describeRequest } from "../shell/http-echo.ts";
import type { StreamRequest } from "./stream-request.ts";

/** RFC 862. Every pod of the sandbox answers on it. */
const ECHO_PORT = 7;
const HTTP_METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) /;

type ForwardTarget = Pick<StreamRequest, "namespace" | "pod">;

/** A connection to a port of the pod, or the text of the error that kubelet sends where nobody listens there. */
export function dialPodPort(target: ForwardTarget, port: number): Duplex | string {
  const container = target.pod.containers.find((item) => item.ports.includes(port));
  if (container === undefined && port !== ECHO_PORT) return refusedMessage(target, port);
  const [client, server] = duplexPair();
  server.on("error", () => server.destroy());
  if (port === ECHO_PORT) server.pipe(server);
  else answer(server, describingServer(target, port, container?.image ?? ""));
  return client;
}

/** HTTP where the first bytes are a request, else an echo: what a caller of an unknown protocol can still see work. */
function answer(server: Duplex, http: Server): void {
  server.once("data", (first: Buffer) => {
    server.pause();
    server.unshift(first);
    if (HTTP_METHOD.test(first.toString("latin1", 0, 10))) http.emit("connection", server);
    else server.pipe(server);
    server.resume();
  });
}

function describingServer(target: ForwardTarget, port: number, image: string): Server {
  return createServer((req, res) => {
    const { text, status } = describeRequest({
      namespace: target.namespace,
      pod: target.pod.name,
      ip: target.pod.ip,
      image,
      port,
      method: req.method ?? "GET",
      path: req.url ?? "/",
      host: req.headers.host ?? "",
      userAgent: req.headers["user-agent"] ?? "",
    });
    req.resume();
    req.on("end", () => {
      res.writeHead(status, {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": Buffer.byteLength(text),
      });
      res.end(req.method === "HEAD" ? undefined : text);
    });
  });
}

/** The words of containerd and kubelet, as a real cluster sends them to the error stream. */
function refusedMessage(target: ForwardTarget, port: number): string {
  const sandbox = createHash("sha256").update(`${target.namespace}/${target.pod.name}`).digest("hex");
  const network = `${sandbox.slice(0, 8)}-${sandbox.slice(8, 12)}-${sandbox.slice(12, 16)}-${sandbox.slice(16, 20)}-${sandbox.slice(20, 32)}`;
  return (
    `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace ` +
    `"/var/run/netns/cni-${network}": failed to connect to localhost:${port} inside namespace "${sandbox}", ` +
    `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `
  );
}
