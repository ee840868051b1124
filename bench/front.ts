// What reading a request and writing its answer costs, without anything between: the gateway's front and node:http on TLS connections, beside a TLS
// server that reads nothing and writes as many bytes. CPU time of the server's process alone, all its threads; and the memory of connections that were
// used once and wait.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { connect, type TLSSocket } from "node:tls";

export type Kind = "echo" | "front" | "node";

const KINDS: readonly Kind[] = ["echo", "front", "node"];
const CALLS = 10_000;
const ROUNDS = 5;
const IDLE = 2_000;
const REQUEST = Buffer.from(
  `GET /k8s/clusters/prod/api/v1/namespaces/shop/pods?limit=500 HTTP/1.1\r\nHost: gateway.example.com:8443\r\n` +
    "User-Agent: kubectl/v1.33.0 (linux/amd64) kubernetes/60a317e\r\nAccept: application/json\r\n" +
    `Authorization: Bearer ${"t".repeat(48)}\r\nKubectl-Command: kubectl get\r\nAccept-Encoding: gzip\r\n\r\n`,
);

interface Server {
  port: number;
  process: ChildProcess;
  /** What it has spent, in microseconds, and holds, in bytes; `collect`: after a collection of garbage. */
  usage(collect?: "collect"): Promise<{ cpuUs: number; rss: number }>;
}

async function start(kind: Kind): Promise<Server> {
  const script = new URL("./front/server-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [...process.execArgv, "--expose-gc", script, kind], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string);
  const { port } = await next();
  return {
    port,
    process: child,
    async usage(collect) {
      child.stdin!.write(`${collect ?? ""}\n`);
      return next();
    },
  };
}

/** Sends so many requests, each when the answer before has come. */
async function call(socket: TLSSocket, calls: number, answerBytes: number): Promise<void> {
  let left = calls;
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < answerBytes) return;
      bytes -= answerBytes;
      if (--left === 0) resolve();
      else socket.write(REQUEST);
    });
    socket.write(REQUEST);
  });
  socket.removeAllListeners("data");
}

async function answerBytesOf(socket: TLSSocket): Promise<number> {
  socket.write(REQUEST);
  let bytes = 0;
  while (bytes < 1024) bytes += ((await once(socket, "data")) as [Buffer])[0].length;
  return bytes;
}

async function connectMany(server: Server, connections: number): Promise<TLSSocket[]> {
  const sockets: TLSSocket[] = [];
  while (sockets.length < connections) {
    const group = Array.from({ length: Math.min(50, connections - sockets.length) }, async () => {
      const socket = connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, "secureConnect");
      return socket;
    });
    sockets.push(...(await Promise.all(group)));
  }
  return sockets;
}

/** Microseconds a call. */
async function measureCalls(server: Server, connections: number, calls: number): Promise<number> {
  const sockets = await connectMany(server, connections);
  const answerBytes = await answerBytesOf(sockets[0]!);
  const each = Math.ceil(calls / connections);
  const before = await server.usage();
  await Promise.all(sockets.map((socket) => call(socket, each, answerBytes)));
  const after = await server.usage();
  for (const socket of sockets) socket.destroy();
  return (after.cpuUs - before.cpuUs) / (each * connections);
}

/** Bytes a connection. */
async function measureIdle(kind: Kind): Promise<number> {
  const server = await start(kind);
  const open = async (connections: number) => {
    const sockets = await connectMany(server, connections);
    for (const socket of sockets) await answerBytesOf(socket);
    for (let i = 0; i < 3; i++) await server.usage("collect");
    return (await server.usage("collect")).rss;
  };
  const before = await open(200);
  const after = await open(IDLE);
  server.process.kill();
  return (after - before) / IDLE;
}

const servers = new Map<Kind, Server>();
for (const kind of KINDS) servers.set(kind, await start(kind));
for (const server of servers.values()) await measureCalls(server, 16, CALLS);
console.log("| connections | server | CPU us a call: least | median |\n|---:|---|---:|---:|");
for (const connections of [1, 16, 64]) {
  const samples = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of KINDS)
      samples.get(kind)!.push(await measureCalls(servers.get(kind)!, connections, CALLS));
  }
  for (const [kind, all] of samples) {
    all.sort((a, b) => a - b);
    console.log(`| ${connections} | ${kind} | ${all[0]!.toFixed(1)} | ${all[all.length >> 1]!.toFixed(1)} |`);
  }
}
for (const server of servers.values()) server.process.kill();
console.log(`| ${IDLE} that wait | KB a connection |\n|---|---:|`);
for (const kind of KINDS) console.log(`| ${kind} | ${((await measureIdle(kind)) / 1024).toFixed(1)} |`);
process.exit(0);
