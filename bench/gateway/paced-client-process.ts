// Calls at a rate and not as fast as it can, on connections of its own: TLS, one request at a time each. Prints one line of JSON at its end: how many
// answers came, and at which milliseconds half of them and 99 of 100 had. Arguments: URL, folder with the authority, token (- for none), connections,
// calls a second, seconds.
import { readFileSync } from "node:fs";
import tls from "node:tls";

const [target, folder, token, connections, rate, seconds] = process.argv.slice(2) as [
  ...[string, string, string, string, string, string],
];
const url = new URL(target);
const head = [
  `GET ${url.pathname}${url.search} HTTP/1.1`,
  `Host: ${url.host}`,
  "User-Agent: kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
  "Accept: application/json",
  ...(token === "-" ? [] : [`Authorization: Bearer ${token}`]),
];
const REQUEST = Buffer.from(`${head.join("\r\n")}\r\n\r\n`);
const WARM_UP_MS = 500;

interface Connection {
  socket: tls.TLSSocket;
  sentAt: number;
}

const idle: Connection[] = [];
const latencies: number[] = [];
let failures = 0;
let isMeasuring = false;

function open(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { host: url.hostname, port: Number(url.port), ca: readFileSync(`${folder}/ca.crt`) },
      () => {
        socket.setNoDelay(true);
        idle.push(connection);
        resolve();
      },
    );
    const connection: Connection = { socket, sentAt: 0 };
    socket.on("error", reject);
    let left = 0;
    socket.on("data", (bytes: Buffer) => {
      left = left > 0 ? left - bytes.length : restOf(bytes);
      if (left > 0) return;
      if (isMeasuring) latencies.push(performance.now() - connection.sentAt);
      idle.push(connection);
    });
  });
}

/** Bytes of an answer's body that have not come with its head. */
function restOf(bytes: Buffer): number {
  const text = bytes.toString("latin1", 0, 2_048);
  if (!text.startsWith("HTTP/1.1 200")) failures += 1;
  const end = text.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (end === -1 || length === undefined) throw new Error(`an answer that is not read here: ${text}`);
  return Number(length) - (bytes.length - end - 4);
}

await Promise.all(Array.from({ length: Number(connections) }, open));
const perMs = Number(rate) / 1_000;
const began = performance.now();
let sent = 0;
let late = 0;
const timer = setInterval(() => {
  const now = performance.now();
  isMeasuring = now - began > WARM_UP_MS;
  const due = Math.floor((now - began) * perMs);
  for (; sent < due; sent++) {
    const connection = idle.pop();
    // All are waiting for answers: what cannot be sent now is not sent in a burst later.
    if (!connection) {
      late += due - sent;
      sent = due;
      break;
    }
    connection.sentAt = performance.now();
    connection.socket.write(REQUEST);
  }
}, 1);
setTimeout(
  () => {
    clearInterval(timer);
    latencies.sort((a, b) => a - b);
    const at = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
    console.log(JSON.stringify({ answers: latencies.length, failures, late, p50: at(0.5), p99: at(0.99) }));
    process.exit(0);
  },
  Number(seconds) * 1_000 + WARM_UP_MS,
);
