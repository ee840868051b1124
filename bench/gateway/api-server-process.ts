// An API server that answers everything with 1 KB of JSON over TLS, some milliseconds after it was asked (as one does that looks into etcd), and takes
// bodies of any length. It reads no more of a request than its end, so that it costs little beside what is measured. Prints one line of JSON when it
// serves. Arguments: folder with certificate and key, milliseconds.
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { ANSWER_BODY } from "./upstream.ts";

const [folder, delay] = process.argv.slice(2) as [string, string];
const delayMs = Number(delay);
const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8");
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER_BODY.length}\r\n\r\n`;
const ANSWER = Buffer.from(HEAD + ANSWER_BODY);
const END_OF_HEAD = "\r\n\r\n";

/** What a connection waits for: the rest of a head, so many bytes of a body, or the last chunk of one. */
type Awaited =
  | { kind: "head"; text: string }
  | { kind: "bytes"; left: number }
  | { kind: "lastChunk"; end: string };

const LAST_CHUNK = "0\r\n\r\n";

const server = tls.createServer({ cert: read("server.crt"), key: read("server.key") }, (socket) => {
  let awaited: Awaited = { kind: "head", text: "" };
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  const answer = () => {
    awaited = { kind: "head", text: "" };
    if (delayMs === 0) socket.write(ANSWER);
    else setTimeout(() => socket.write(ANSWER), delayMs);
  };
  socket.on("data", (bytes: Buffer) => {
    if (awaited.kind === "bytes") {
      awaited.left -= bytes.length;
      if (awaited.left <= 0) answer();
    } else if (awaited.kind === "lastChunk") {
      awaited.end = (
        awaited.end + bytes.toString("latin1", Math.max(0, bytes.length - LAST_CHUNK.length))
      ).slice(-LAST_CHUNK.length);
      if (awaited.end === LAST_CHUNK) answer();
    } else readHead(awaited.text + bytes.toString("latin1"));
  });

  /** Proxies send no request before the last one's answer. */
  function readHead(text: string): void {
    const end = text.indexOf(END_OF_HEAD);
    if (end === -1) {
      awaited = { kind: "head", text };
      return;
    }
    const rest = text.slice(end + END_OF_HEAD.length);
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    if (/\r\ntransfer-encoding: *chunked/i.test(text.slice(0, end))) {
      awaited = { kind: "lastChunk", end: rest.slice(-LAST_CHUNK.length) };
      if (awaited.end === LAST_CHUNK) answer();
    } else if (length !== undefined && Number(length) > rest.length) {
      awaited = { kind: "bytes", left: Number(length) - rest.length };
    } else answer();
  }
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
