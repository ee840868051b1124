// npm run bench -- cluster-calls [--calls 20000] [--rounds 8] [--connections 1,16,64]
// Medians of the rounds but the first one.
// What a call to an API server costs by itself, in microseconds of processor time (all threads): on the gateway's kept connections, on undici's pool, and
// the floor: the same bytes written to and read from TLS sockets of Node's. The API server is another process and answers 1 KB at once, over TLS.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import tls from "node:tls";
import { parseArgs } from "node:util";
import { type Dispatcher, Pool } from "undici";
import type { ClusterCallHandler, ClusterCalls } from "../lib/clusters/calls/cluster-call.ts";
import { createCredentialSource } from "../lib/clusters/credentials/source.ts";
import { directTransport } from "../lib/clusters/transports/direct.ts";
import { createUpstream, type Upstream } from "../lib/clusters/upstream.ts";
import { createAuthority, issueServerCertificate } from "../lib/pki/issue-certificate.ts";
import { median } from "./gateway/load.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "20000" },
    rounds: { type: "string", default: "8" },
    connections: { type: "string", default: "1,16,64" },
    only: { type: "string", default: "" },
    server: { type: "boolean", default: false },
  },
});

const PATH = "/api/v1/namespaces/shop/pods?limit=500";
const HEADERS = [
  ...["Accept", "application/json", "User-Agent", "kubectl/v1.33.0 (linux/amd64) kubernetes/8adc0f0"],
  ...["X-Forwarded-For", "203.0.113.9", "Audit-ID", "0f43c1f6-8c5a-4c5a-9d5b-2f1f0a7f3b51"],
  ...["Impersonate-User", "alice@example.com", "Impersonate-Group", "developers"],
  ...["Authorization", `Bearer ${"t".repeat(900)}`],
];
const CONTENT = JSON.stringify({ kind: "PodList", apiVersion: "v1", items: [], padding: "x".repeat(960) });
const ANSWER = [
  "HTTP/1.1 200 OK",
  "Audit-Id: 0f43c1f6-8c5a-4c5a-9d5b-2f1f0a7f3b51",
  "Cache-Control: no-cache, private",
  "Content-Type: application/json",
  "X-Kubernetes-Pf-Flowschema-Uid: 2a7d1f3e-6a44-4a0e-a2d1-5f4c0c0f9a11",
  "X-Kubernetes-Pf-Prioritylevel-Uid: 5c1d3c1e-94c4-4a8e-b7ea-9e7e7f6cf0b1",
  "Date: Sun, 29 Nov 2026 05:00:00 GMT",
  `Content-Length: ${CONTENT.length}`,
  "",
  CONTENT,
].join("\r\n");

/** Makes so many calls on so many connections at a time. */
type Run = (calls: number, connections: number) => Promise<void>;

if (values.server) await serve();
else await compare();

async function serve(): Promise<void> {
  const authority = await createAuthority("kubewitness bench");
  const { certificate, key } = await issueServerCertificate(authority, { hosts: ["127.0.0.1"] });
  const answer = Buffer.from(ANSWER, "latin1");
  const server = tls.createServer({ cert: certificate, key, ALPNProtocols: ["http/1.1"] }, (socket) => {
    socket.setNoDelay(true).on("error", () => socket.destroy());
    // Requests have no body and come one by one: what ends with an empty line is one.
    socket.on("data", (chunk) => chunk.at(-1) === 10 && socket.write(answer));
  });
  server.listen(0, "127.0.0.1", () =>
    console.log(
      JSON.stringify({ port: (server.address() as { port: number }).port, ca: authority.certificate }),
    ),
  );
}

async function compare(): Promise<void> {
  const calls = Number(values.calls);
  const child = spawn(process.execPath, [process.argv[1]!, "--server"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
  const { port, ca } = JSON.parse(line) as { port: number; ca: string };
  const upstream = upstreamTo(port, ca);
  const pool = undiciPool(upstream);
  const subjects: Record<string, Run> = {
    "sockets alone": (calls, connections) => runSockets({ port, ca, calls, connections }),
    "kept connections": (calls, connections) => runCalls(upstream.calls, calls, connections),
    undici: (calls, connections) => runUndici(pool, calls, connections),
  };
  const counts = values.connections.split(",").map(Number);
  const costs = new Map(Object.keys(subjects).map((name) => [name, counts.map(() => [] as number[])]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, run] of Object.entries(subjects)) {
      if (values.only !== "" && values.only !== name) continue;
      for (const [at, connections] of counts.entries()) {
        await run(500, connections);
        const before = process.cpuUsage();
        await run(calls, connections);
        const { user, system } = process.cpuUsage(before);
        if (round > 0) costs.get(name)![at]!.push((user + system) / calls);
      }
    }
  }
  console.log(
    `| µs of processor time a call | ${counts.join(" | ")} |\n|---|${counts.map(() => "---|").join("")}`,
  );
  for (const [name, each] of costs) {
    console.log(`| ${name} | ${each.map((all) => median(all).toFixed(1)).join(" | ")} |`);
  }
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
  await Promise.all([upstream.calls.destroy(), pool.destroy()]);
  child.kill();
}

function upstreamTo(port: number, ca: string): Upstream {
  const cluster = {
    ...{ name: "bench", endpoint: `https://127.0.0.1:${port}`, certificateAuthority: ca },
    ...{ tlsServerName: null, insecureSkipTlsVerify: false },
  };
  return createUpstream(cluster, {
    transport: directTransport(() => ({ allowLoopback: true, allowLinkLocal: false })),
    source: createCredentialSource({ kind: "none" }, cluster),
  });
}

function runCalls(calls: ClusterCalls, count: number, connections: number): Promise<void> {
  return repeat(count, connections, (done) => {
    const handler: ClusterCallHandler = {
      onSent: () => undefined,
      onDrain: () => undefined,
      onHead: () => undefined,
      onData: () => true,
      onEnd: done,
      onError: fail,
    };
    return () =>
      calls.begin(
        { method: "GET", path: PATH, headers: HEADERS, body: null, headTimeoutMs: 300_000 },
        handler,
      );
  });
}

function undiciPool(upstream: Upstream): Pool {
  return new Pool(upstream.endpoint.origin, {
    connect: (_target, callback) =>
      void upstream.connect().then((stream) => callback(null, stream as tls.TLSSocket), fail),
    ...{ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, allowH2: false },
  });
}

function runUndici(pool: Pool, count: number, connections: number): Promise<void> {
  return repeat(count, connections, (done) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: done,
      onResponseError: (_controller, error) => fail(error),
    };
    const options = { path: PATH, method: "GET", headers: HEADERS, headersTimeout: 300_000 } as const;
    return () => pool.dispatch({ ...options }, handler);
  });
}

async function runSockets({
  port,
  ca,
  calls,
  connections,
}: {
  port: number;
  ca: string;
  calls: number;
  connections: number;
}): Promise<void> {
  const head = `GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${HEADERS.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("")}\r\n`;
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = tls.connect({ port, host: "127.0.0.1", ca, ALPNProtocols: ["http/1.1"] });
      socket.setNoDelay(true);
      await once(socket, "secureConnect");
      return socket;
    }),
  );
  await repeat(calls, connections, (done) => {
    const socket = sockets.pop()!;
    socket.on("data", (chunk) => chunk.at(-1) === 125 && done());
    socket.on("error", fail);
    return () => socket.write(head, "latin1");
  });
}

/** `make` gives what begins one call after the other; it is told `done` at each one's end. */
function repeat(count: number, connections: number, make: (done: () => void) => () => void): Promise<void> {
  let begun = 0;
  let ended = 0;
  return new Promise((resolve) => {
    for (let i = 0; i < connections; i++) {
      const begin = make(() => {
        if (++ended === count) resolve();
        else if (begun < count) {
          begun += 1;
          // As the gateway does, whose next call comes with the next piece from a client.
          setImmediate(begin);
        }
      });
      begun += 1;
      begin();
    }
  });
}

function fail(error: Error): never {
  throw error;
}
